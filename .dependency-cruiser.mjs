/** Each rule is a law of the house. When one fails, move the code; do not loosen the rule. */
/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circles",
      comment: "Two files that need each other are one file, or hide a third that both need.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "refund-knows-nobody",
      comment:
        "What a refund is and what is wrong with it must not depend on AWS, HTTP or the clock.",
      severity: "error",
      from: { path: "^lambdas/refund/" },
      to: { pathNot: "^lambdas/refund/|node_modules/(decimal[.]js|zod|@date-fns)/" },
    },
    {
      name: "systems-and-aws-are-strangers",
      comment:
        "An ERP client that writes to our table, or a table that calls an ERP, belongs in jobs/.",
      severity: "error",
      from: { path: "^lambdas/(systems|aws)/" },
      to: { path: "^lambdas/(systems|aws|jobs)/", pathNot: "^lambdas/$1/" },
    },
    {
      name: "only-aws-speaks-aws",
      comment: "The AWS SDK lives behind the four interfaces in aws/.",
      severity: "error",
      from: { path: "^lambdas/", pathNot: "^lambdas/aws/" },
      to: { path: "node_modules/@aws-sdk/" },
    },
    {
      name: "lambdas-do-not-carry-the-cdk",
      comment: "Deploy-time code in a bundle is dead weight at every cold start.",
      severity: "error",
      from: { path: "^lambdas/" },
      to: { path: "^(lib|bin|cli)/|node_modules/(aws-cdk-lib|constructs)/" },
    },
    {
      name: "lib-reads-only-names-from-lambdas",
      comment: "The stack needs the names of settings, never the code that runs behind them.",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^lambdas/", pathNot: "^lambdas/(names|brand)[.]ts$" },
    },
    {
      name: "nobody-imports-a-job",
      comment: "A job is a door. Only AWS, its own test and a measurement come through it.",
      severity: "error",
      from: { pathNot: "^(test|bench|faults|lambdas/jobs)/" },
      to: { path: "^lambdas/jobs/" },
    },
    {
      name: "jobs-do-not-call-jobs",
      comment: "Jobs meet in the table, on their own schedules.",
      severity: "error",
      from: { path: "^lambdas/jobs/([^/]+)" },
      to: { path: "^lambdas/jobs/", pathNot: "^lambdas/jobs/$1" },
    },
    {
      name: "only-money-knows-decimal",
      comment: "Decimals compare and add as text. Money keeps them where no operator can reach.",
      severity: "error",
      from: {
        path: "^(bin|cli|lib|lambdas|local|test|bench|faults)/",
        pathNot: "^(lambdas/refund/money/|local/life/)",
      },
      to: { path: "node_modules/decimal[.]js/" },
    },
    {
      name: "no-test-in-the-product",
      comment: "Sample data in a bundle has been seen to reach production.",
      severity: "error",
      from: { path: "^(lib|lambdas)/" },
      to: { path: "^(test|local|bench|faults)/" },
    },
    {
      name: "the-life-and-the-detectors-are-strangers",
      comment: "A detector that knows how the faults were planted proves nothing by finding them.",
      severity: "error",
      from: { path: "^local/life/" },
      to: { path: "^lambdas/" },
    },
    {
      name: "the-detectors-know-no-life",
      comment: "The other half of the same law.",
      severity: "error",
      from: { path: "^lambdas/" },
      to: { path: "^local/" },
    },
    {
      name: "values-know-nobody",
      comment: "A figure, an instant or a test of chance that needs a refund to exist is none.",
      severity: "error",
      from: { path: "^lambdas/refund/(money|time|statistics|collections)/" },
      to: { path: "^lambdas/refund/", pathNot: "^lambdas/refund/($1|collections)/" },
    },
    {
      name: "observation-knows-no-record",
      comment: "What a platform shows is the same whatever we make of it.",
      severity: "error",
      from: { path: "^lambdas/refund/observation/" },
      to: {
        path: "^lambdas/refund/",
        pathNot: "^lambdas/refund/(observation/|money/|time/|collections/|policy[.]ts$)",
      },
    },
    {
      name: "record-knows-no-rule",
      comment: "A record holds what the rules found. It must not depend on how they found it.",
      severity: "error",
      from: { path: "^lambdas/refund/record/" },
      to: { path: "^lambdas/refund/(tie-out|diagnosis|alerts|summary)/" },
    },
    {
      name: "matching-and-comparing-are-strangers",
      comment:
        "Which document books a refund must not depend on how far the two differ, nor the reverse.",
      severity: "error",
      from: { path: "^lambdas/refund/tie-out/(matching|comparing)/" },
      to: { path: "^lambdas/refund/tie-out/", pathNot: "^lambdas/refund/tie-out/$1/" },
    },
    {
      name: "only-tie-out-takes-the-fast-path",
      comment:
        "It decides nothing that the rules would decide otherwise: nobody else may rely on it.",
      severity: "error",
      from: { path: "^lambdas/", pathNot: "^lambdas/refund/tie-out/(fast-path/|[^/]+$)" },
      to: { path: "^lambdas/refund/tie-out/fast-path/" },
    },
    {
      name: "the-fast-path-does-not-match",
      comment:
        "It takes what agrees at first sight. A case that needs the rules goes to the rules.",
      severity: "error",
      from: { path: "^lambdas/refund/tie-out/fast-path/" },
      to: { path: "^lambdas/refund/tie-out/(matching/|[^/]+$)" },
    },
    {
      name: "tie-out-and-diagnosis-are-strangers",
      comment: "What is wrong must not depend on why we think that it went wrong, nor the reverse.",
      severity: "error",
      from: { path: "^lambdas/refund/(tie-out|diagnosis)/" },
      to: {
        path: "^lambdas/refund/(tie-out|diagnosis)/",
        pathNot: "^lambdas/refund/($1|collections)/",
      },
    },
    ...diagnosisGoesOneWay(),
    {
      name: "alerts-know-no-diagnosis",
      comment: "An alert goes out though the diagnosis fails: the job hands over a cause, or null.",
      severity: "error",
      from: { path: "^lambdas/refund/alerts/" },
      to: { path: "^lambdas/refund/(tie-out|diagnosis|summary)/" },
    },
    {
      name: "nobody-imports-alerts-or-summary",
      comment:
        "They tell people what the rest of the core found. The core does not depend on the telling.",
      severity: "error",
      from: { path: "^lambdas/refund/", pathNot: "^lambdas/refund/(alerts|summary)/" },
      to: { path: "^lambdas/refund/(alerts|summary)/" },
    },
    {
      name: "the-store-knows-no-plan",
      comment: "How an item is written must not depend on why: the plans import the store.",
      severity: "error",
      from: { path: "^lambdas/ledger/store/" },
      to: { path: "^lambdas/ledger/", pathNot: "^lambdas/ledger/(store/|(ports|keys)[.]ts$)" },
    },
    {
      name: "only-jobs-take-in",
      comment:
        "Taking in a source is the last step of the ledger: nothing else in it waits for that.",
      severity: "error",
      from: { path: "^lambdas/ledger/", pathNot: "^lambdas/ledger/intake/" },
      to: { path: "^lambdas/ledger/intake/" },
    },
    {
      name: "platforms-are-strangers",
      comment: "A platform is read in its own folder. What two of them need lies above both.",
      severity: "error",
      from: { path: "^lambdas/systems/(erp|storefront)/([^/]+)/" },
      to: { path: "^lambdas/systems/(erp|storefront)/[^/]+/", pathNot: "^lambdas/systems/$1/$2/" },
    },
    {
      name: "only-connect-knows-a-platform",
      comment: "A cold start must not pay for the platforms that a brand does not have.",
      severity: "error",
      from: {
        path: "^lambdas/",
        pathNot: "^lambdas/systems/(connect[.]ts$|(erp|storefront)/[^/]+/)",
      },
      to: { path: "^lambdas/systems/(erp|storefront)/[^/]+/" },
    },
    {
      name: "the-core-has-only-these-folders",
      comment:
        "A folder that no rule names could import anything. Name it in the rules and in docs/architecture.md.",
      severity: "error",
      from: {
        path: "^lambdas/refund/",
        pathNot:
          "^lambdas/refund/((collections|money|time|statistics|observation|record|alerts|summary)/[^/]+$|policy[.]ts$|tie-out/((matching|comparing|fast-path)/)?[^/]+$|diagnosis/((features|rounding|rollup|patterns|knowledge|hypotheses|cohorts|questions|repairs)/)?[^/]+$)",
      },
      to: {},
    },
    {
      name: "summary-imports-no-tie-out",
      comment: "A day is summed up from records and diagnoses, however they were found.",
      severity: "error",
      from: { path: "^lambdas/refund/summary/" },
      to: { path: "^lambdas/refund/(tie-out|alerts)/" },
    },
    {
      name: "reports-read-the-core-alone",
      comment:
        "A text for people is made from facts that it is given. It reads no table and no platform.",
      severity: "error",
      from: { path: "^lambdas/reports/" },
      to: { path: "^lambdas/", pathNot: "^lambdas/(reports|refund)/|^lambdas/brand[.]ts$" },
    },
    {
      name: "ledger-reads-only-what-a-source-gives",
      comment: "The ledger stores what a job hands over. It opens no platform and no AWS service.",
      severity: "error",
      from: { path: "^lambdas/ledger/" },
      to: { path: "^lambdas/(aws|jobs|systems)/", pathNot: "^lambdas/systems/source[.]ts$" },
    },
    {
      name: "only-jobs-and-commands-open-aws",
      comment: "Everything else gets its stores as arguments, so that it runs in memory.",
      severity: "error",
      from: { path: "^lambdas/", pathNot: "^lambdas/(aws|jobs)/" },
      to: { path: "^lambdas/aws/" },
    },
    {
      name: "the-product-knows-no-command",
      comment: "The command line imports the product, never the reverse.",
      severity: "error",
      from: { path: "^(lambdas|lib|local)/" },
      to: { path: "^(cli|bin)/" },
    },
    {
      name: "resolves",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};

/**
 * The rooms of the diagnosis in the order in which they build on one another: what a refund shows,
 * rounding rules, a day's counts, the patterns, what a brand teaches, what may have happened, groups,
 * the five questions, what to do. Each knows those before it.
 */
function diagnosisGoesOneWay() {
  const rooms =
    "features rounding rollup patterns knowledge hypotheses cohorts questions repairs".split(" ");
  return rooms.map((room, at) => ({
    name: `diagnosis-goes-one-way-${room}`,
    comment: "The rooms of the diagnosis build on one another in one order.",
    severity: "error",
    from: { path: `^lambdas/refund/diagnosis/${room}/` },
    to: { path: `^lambdas/refund/diagnosis/(${[...rooms.slice(at + 1), "[^/]+$"].join("|")})` },
  }));
}
