import type { Names, Template } from "./template.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";

/** The name of a resource on this machine: the stack's name and the logical id, in lower case. */
export function nameOf(stack: string, logicalId: string): string {
  return `${stack}-${logicalId}`.toLowerCase();
}

/** Resolves the references inside the stack to names on this machine. */
export function stackNames(stack: string, { Resources }: Template): Names {
  const typeOf = (logicalId: string): string => {
    const type = Resources[logicalId]?.Type;
    if (type === undefined) throw new Error(`the template has no resource ${logicalId}`);
    return type;
  };
  const arn = (logicalId: string): string => arnOf(typeOf(logicalId), nameOf(stack, logicalId));
  return {
    ref: (logicalId) => {
      const pseudo = PSEUDO[logicalId];
      if (pseudo !== undefined) return pseudo;
      if (logicalId === "AWS::StackName") return stack;
      // CloudFormation's Ref returns the name of a resource, but the ARN of a topic.
      const byArn = typeOf(logicalId) === "AWS::SNS::Topic";
      return byArn ? arn(logicalId) : nameOf(stack, logicalId);
    },
    attribute: (logicalId, attribute) => {
      if (attribute === "Arn" || attribute === "TopicArn") return arn(logicalId);
      if (attribute.endsWith("Name")) return nameOf(stack, logicalId);
      throw new Error(`the local cloud does not know ${attribute} of ${logicalId}`);
    },
  };
}

function arnOf(type: string, name: string): string {
  const service = type.split("::")[1]?.toLowerCase() ?? "";
  switch (type) {
    case "AWS::S3::Bucket":
      return `arn:aws:s3:::${name}`;
    case "AWS::DynamoDB::GlobalTable":
      return `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
    case "AWS::Lambda::Function":
      return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
    default:
      return `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;
  }
}

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::Region": REGION,
  "AWS::AccountId": ACCOUNT,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
};
