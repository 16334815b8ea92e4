import { expect, it } from "vitest";
import { netsuiteCredentials } from "../../../lambdas/systems/erp/netsuite/credentials.ts";
import { tbaHeader } from "../../../lambdas/systems/erp/netsuite/token-based-access.ts";

const SECRETS = { consumerKey: "ck", consumerSecret: "cs", tokenId: "tk", tokenSecret: "ts" };

it("signs the known request as an independent implementation does", () => {
  const header = tbaHeader({
    url: "https://123456-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=1000&offset=0",
    credentials: { account: "123456_SB1", ...SECRETS },
    timestamp: 1_700_000_000,
    nonce: "NONCE12345",
  });
  expect(header).toMatch(/^OAuth realm="123456_SB1", /);
  expect(header).toContain(
    'oauth_signature="j7TPYHejIwZPk%2FudePcf0LA%2FF0bbbQoRP%2B%2Bq9jjExZk%3D"',
  );
});

it.each([
  ["1234567", "1234567"],
  ["1234567_SB1", "1234567_SB1"],
  [" 1234567-sb1 ", "1234567_SB1"],
])("reads the account %j as the realm %s", (account, realm) => {
  expect(netsuiteCredentials({ account, ...SECRETS })).toMatchObject({ account: realm });
});

it.each(["https://1234567.app.netsuite.com", "evil.com/x", "1234567.example.com", ""])(
  "takes %j for no account",
  (account) => {
    expect(() => netsuiteCredentials({ account, ...SECRETS })).toThrow(/account: /);
  },
);
