export const USAGE = `refund-watch watches refunds between a storefront and an ERP and says why they mismatch.

Usage: npm run refund-watch -- COMMAND [OPTIONS]     (npm start is the demo)

  demo      The whole system on this machine: a local cloud, a simulated Shopify and NetSuite
            with 30 days of life in them, and the handlers that would be deployed. Ends with a
            summary and the path of the digest.
              --state DIR      where it keeps its files (default .refund-watch/demo, made anew)
              --days N         days of life (default 30)
              --seed N         another life (default 1)

  run       One cycle of the real handlers against the systems in a brand file, on a local
            cloud whose state is kept in a folder. Call it again and again.
              --config FILE        the brand file (see brands/ for examples)
              --credentials FILE   JSON: name of a secret -> its value
              --state DIR          made if missing; what is in it stays between calls
              --now ISO            the clock of every job (default: the real time)
              --jobs LIST          of pull, watch, digest (default: all three)

  status    What is open, or all that is known of one refund or order.
              [REFUND|ORDER]       a refund's id or an order's number
              --config FILE --state DIR   as for run
              --json               machine-readable

  explain   The whole reasoning on one screen: both sides, match, differences, history, diagnosis,
            the five questions with their numbers, what to do in which order.
              REFUND|ORDER|KEY     KEY is a cohort's, as the digest shows it (in quotes)
              --config FILE --state DIR, --json

  rebuild   Makes the digest of a day again from what is stored of it, and compares every byte.
              DATE                 such as 2026-11-22
              --config FILE --state DIR, --json

  resolve   A person's word that an exception is settled; it opens again when a side changes.
              REFUND|ORDER --by NAME --note TEXT
              --config FILE --state DIR, --now ISO

  answer    What a person knows of the five questions about a cohort: it stands above what the
            data say, and is remembered.
              KEY 2=yes 5=no ... --by NAME [--note TEXT]
              --config FILE --state DIR, --now ISO

  fix       Records a repair; the digest says for 60 days how the rate moves, and after 30 whether
            it fell by more than chance.
              --cohort KEY --on DATE [--note TEXT]
              --config FILE --state DIR, --now ISO

  triage    Asks the five questions about a mismatch in front of you and gives verdict and fix
            sequence. Needs no system and no state; with a state, what the data know is filled in.
              [REFUND|ORDER|KEY --config FILE --state DIR]
              --answer N=yes|no|mixed|unknown   again for each question; asked for on a terminal
              --json

  doctor    Whether a brand could be watched: its file, its secrets, one look at each system.
              --config FILE --credentials FILE, --now ISO

Exit codes: 0 all went well, 1 a job failed (the others still ran) or a system cannot be
read, 2 usage or configuration error. A deployed stack cannot be asked from here yet.
In the state folder: s3/<bucket>/<key> are the objects, outbox.ndjson has one line a message.
`;
