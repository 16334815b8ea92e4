import { ERP_PLATFORMS, STOREFRONT_PLATFORMS } from "../lambdas/platforms.ts";

export const USAGE = `refund-watch watches refunds between a storefront and an ERP and says why they mismatch.

Usage: npm run refund-watch -- COMMAND [OPTIONS]     (npm start is the demo)

  demo      The whole system on this machine: a local cloud, a simulated storefront and ERP
            with 30 days of generated data, and the handlers that would be deployed. Ends with a
            summary and the path of the digest.
              --state DIR      folder for its files (default .refund-watch/demo), emptied first
              --days N         days of generated data (default 30)
              --seed N         number for other generated data (default 1)
              --storefront P   one of ${STOREFRONT_PLATFORMS.join(", ")} (default: the first)
              --erp P          one of ${ERP_PLATFORMS.join(", ")} (default: the first)

  run       One cycle of the real handlers against the systems in a brand file, on a local
            cloud that keeps its state in a folder. Run it again and again.
              --config FILE        the brand file (see brands/ for examples)
              --credentials FILE   JSON: name of a secret -> its value
              --state DIR          created if missing; its content is kept between runs
              --now ISO            the clock of every job (default: the real time)
              --jobs LIST          of pull, watch, digest (default: all three)

  status    The open exceptions, or everything that is known about one refund or order.
              [REFUND|ORDER]       a refund's id or an order's number
              --config FILE --state DIR   as for run
              --json               machine-readable

  explain   The whole reasoning on one screen: both sides, match, differences, history, diagnosis,
            the five questions with their numbers, what to do in which order.
              REFUND|ORDER|KEY     KEY is a cohort's, as the digest shows it (in quotes)
              --config FILE --state DIR, --json

  rebuild   Makes the digest of a day again from its stored evidence, and compares every byte.
              DATE                 such as 2026-11-22
              --config FILE --state DIR, --json

  resolve   Resolves an exception by a person's decision; it opens again when a side changes.
              REFUND|ORDER --by NAME --note TEXT
              --config FILE --state DIR, --now ISO

  answer    Stores a person's answers to the five questions about a cohort. They override the
            answers from the data.
              KEY 2=yes 5=no ... --by NAME [--note TEXT]
              --config FILE --state DIR, --now ISO

  fix       Records a repair. The digest shows for 60 days how the rate changes, and after 30 days
            whether it fell by more than chance.
              --cohort KEY --on DATE [--note TEXT]
              --config FILE --state DIR, --now ISO

  triage    Asks the five questions about one mismatch, and gives the verdict and the steps of the
            repair. Needs no system and no state; with a state, known answers are filled in.
              [REFUND|ORDER|KEY --config FILE --state DIR]
              --answer N=yes|no|mixed|unknown   once for each question; else asked on a terminal
              --json

  doctor    Checks whether a brand can be watched: its file, its secrets, what each system grants
            and showed lately. Prints whose documents these are and the lines for the brand file.
              --config FILE --credentials FILE, --days N (7), --now ISO

Exit codes: 0 no error, 1 a job failed (the others still ran) or a system cannot be read,
2 usage or configuration error. These commands cannot read a deployed stack yet.
In the state folder: s3/<bucket>/<key> are the objects, outbox.ndjson has one line for each message.
`;
