import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/**
 * The value of a secret, parsed as JSON.
 *
 * @throws CredentialsMissing when there is no such secret, or it is not JSON; the message names the
 * secret and never contains its value
 */
export async function readSecret(name: string): Promise<unknown> {
  const client = new SecretsManagerClient({});
  let text: string | undefined;
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : "unknown error";
    throw new CredentialsMissing(
      `secret ${name} cannot be read (${why}): create it, or correct "credentials" in the brand file`,
    );
  }
  try {
    const value: unknown = JSON.parse(text ?? "");
    return value;
  } catch {
    throw new CredentialsMissing(`secret ${name} is not JSON`);
  }
}

class CredentialsMissing extends Error {
  override readonly name = "CredentialsMissing";
}
