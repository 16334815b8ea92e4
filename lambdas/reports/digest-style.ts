import { Html } from "./html.ts";

/**
 * The only style sheet of the digest, inside the file. It has plain colours instead of variables,
 * so that a mail program that drops half of it still shows dark text on white. Every pair of
 * colours has a contrast of at least 4.5 to 1, in the light and in the dark scheme.
 */
export const DIGEST_STYLE = new Html(`
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#f4f5f2;color:#1d2421;font:16px/1.5 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:880px;margin:0 auto;padding:28px 32px 40px;background:#fff}
h1,h2,h3,p,ol,ul,table{margin:0}
h1{font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.012em;margin:6px 0 12px}
h2{font-size:18px;line-height:1.3;font-weight:650;margin:38px 0 10px;padding-top:14px;border-top:2px solid #1d2421}
h3{font-size:16px;font-weight:650}
.eyebrow,.note,figcaption,.foot{color:#5a645f;font-size:14px}
.action{font-size:18px;line-height:1.45;max-width:42em}
.note{margin-top:8px;max-width:48em}
.partial{margin:18px 0 0;padding:12px 16px;background:#fff4d9;border-left:4px solid #a86200;color:#4a2f00}
table{width:100%;border-collapse:collapse;font-size:15px}
th{font-size:13px;font-weight:600;color:#5a645f;text-align:left;vertical-align:bottom;padding:6px 10px 6px 0;border-bottom:1px solid #9aa49e}
td{vertical-align:top;padding:8px 10px 8px 0;border-bottom:1px solid #e1e5e2}
th:last-child,td:last-child{padding-right:0}
.exceptions,.evidence{table-layout:fixed}
.c12{width:12%}.c13{width:13%}.c20{width:20%}.c22{width:22%}.c32{width:32%}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th.n{text-align:right}
.w{overflow-wrap:anywhere}
.n .sub{white-space:normal}
.sub{display:block;color:#5a645f;font-size:13px}
.figures{margin-top:26px;table-layout:fixed}
.figures td{border:0;border-left:1px solid #d3d9d5;padding:2px 12px 6px 14px}
.figures td:first-child{border-left:0;padding-left:0}
.figures strong{display:block;font-size:19px;line-height:1.3;font-weight:650;letter-spacing:-.01em;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.label{display:block;color:#5a645f;font-size:13px}
.cohort{padding:14px 0 16px;border-bottom:1px solid #e1e5e2}
.cohort:last-child{border-bottom:0}
.cohort p{max-width:48em}
.cohort ol{padding-left:22px;margin-top:8px;max-width:48em}
.cohort li{margin-bottom:3px}
.cohort .head td{border:0;padding:0 10px 0 0}
.evidence{margin-top:10px;font-size:14px}
.evidence td{padding:5px 10px 5px 0}
.evidence tr:last-child td{border-bottom:0}
.tag{display:inline-block;font-size:13px;font-weight:600;padding:0 8px;border-radius:3px;background:#e7ece9;color:#1d2421}
.tag.integration{background:#dfe9f5;color:#123d6b}
.tag.process{background:#f6e3dc;color:#7a2a12}
.tag.both{background:#ece2f3;color:#4f2470}
.tag.warn{background:#fff0cc;color:#6b4300}
.foot{margin-top:38px;padding-top:14px;border-top:1px solid #d3d9d5}
.foot p{margin-bottom:4px}
.foot code{font:13px/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media(max-width:640px){
main{padding:20px 18px 32px}
h1{font-size:24px}
.action{font-size:17px}
.figures,.figures tbody,.figures tr{display:block}
.figures td{display:inline-block;box-sizing:border-box;width:49%;border:0;padding:0 8px 14px 0;vertical-align:top}
.stack thead{display:none}
.stack,.stack tbody,.stack tr,.stack td{display:block}
.stack tr{padding:10px 0;border-bottom:1px solid #d3d9d5}
.stack td{border:0;padding:1px 0;text-align:left;white-space:normal}
.stack td[data-l]:before{content:attr(data-l);display:inline-block;min-width:8.5em;color:#5a645f;font-size:13px}
.stack .sub{display:inline;margin-left:6px}
.figures strong{font-size:21px}
}
@media(prefers-color-scheme:dark){
body{background:#0f1312;color:#e6ebe8}
main{background:#171c1a}
h2{border-top-color:#e6ebe8}
.eyebrow,.note,.label,.sub,.foot,th,.stack td[data-l]:before{color:#a3aea8}
th{border-bottom-color:#5f6a64}
td,.cohort,.figures td,.foot,.stack tr{border-color:#323a36}
.partial{background:#33280f;border-left-color:#e0a030;color:#f7e3b5}
.tag{background:#2b3330;color:#e6ebe8}
.tag.integration{background:#1c3350;color:#cfe2f8}
.tag.process{background:#4a2216;color:#fbd9cc}
.tag.both{background:#38224a;color:#ead7f7}
.tag.warn{background:#463406;color:#ffe3a1}
}
@media print{
body,main{background:#fff;color:#000;font-size:11pt}
main{max-width:none;padding:0}
thead{display:table-header-group}
tr,.cohort{break-inside:avoid}
h2{break-after:avoid}
}
`);
