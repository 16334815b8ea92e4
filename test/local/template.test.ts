import { describe, expect, it } from "vitest";

import { stackNames } from "../../local/cloud/stack-names.ts";
import { parseTemplate, resolved, UnsupportedIntrinsic } from "../../local/cloud/template.ts";

const template = parseTemplate({
  Resources: {
    Orders: { Type: "AWS::DynamoDB::GlobalTable" },
    Evidence: { Type: "AWS::S3::Bucket" },
    Ops: { Type: "AWS::SNS::Topic" },
    Dead: { Type: "AWS::SQS::Queue" },
    Pull: { Type: "AWS::Lambda::Function" },
  },
});
const names = stackNames("refund-watch-acme", template);

describe("a value of the template", () => {
  it.each([
    [{ Ref: "Orders" }, "refund-watch-acme-orders"],
    [{ Ref: "Evidence" }, "refund-watch-acme-evidence"],
    [{ Ref: "Ops" }, "arn:aws:sns:us-east-1:000000000000:refund-watch-acme-ops"],
    [{ Ref: "AWS::Region" }, "us-east-1"],
    [{ Ref: "AWS::StackName" }, "refund-watch-acme"],
    [{ "Fn::GetAtt": ["Evidence", "Arn"] }, "arn:aws:s3:::refund-watch-acme-evidence"],
    [
      { "Fn::GetAtt": ["Pull", "Arn"] },
      "arn:aws:lambda:us-east-1:000000000000:function:refund-watch-acme-pull",
    ],
    [
      { "Fn::GetAtt": ["Dead", "Arn"] },
      "arn:aws:sqs:us-east-1:000000000000:refund-watch-acme-dead",
    ],
    [{ "Fn::Join": ["/", ["a", { Ref: "AWS::Partition" }, "b"]] }, "a/aws/b"],
    [{ "Fn::Sub": "in ${AWS::Region}: ${Orders}, ${Ops.TopicArn}, ${!Kept}" }, expect.any(String)],
    [
      [1, true, null, { a: { Ref: "Orders" } }],
      [1, true, null, { a: "refund-watch-acme-orders" }],
    ],
  ])("%j stands for what it would on AWS", (value, wanted) => {
    expect(resolved(value, names)).toEqual(wanted);
  });

  it("keeps a text in which nothing is to be replaced", () => {
    expect(resolved({ Ref: "x", other: "${Orders}" }, { ...names })).toEqual({
      Ref: "x",
      other: "${Orders}",
    });
  });

  it("with a function that is not known is an error that shows it", () => {
    const value = { "Fn::Select": [0, { Ref: "Orders" }] };

    expect(() => resolved(value, names)).toThrow(UnsupportedIntrinsic);
    expect(() => resolved(value, names)).toThrow(/Fn::Select \[0/);
  });

  it("with a reference to nothing is an error that names it", () => {
    expect(() => resolved({ Ref: "Gone" }, names)).toThrow(/no resource Gone/);
  });
});
