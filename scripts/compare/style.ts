/**
 * How the page looks: patterns and letters carry the meaning, colour only repeats it.
 *
 * @module
 */

/** The style sheet. */
export const STYLE = `
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#16202a;background:#fff}
header,main{max-width:1200px;margin:auto;padding:0 1rem}
h1{margin:1.5rem 0 0;font-size:1.9rem}h2{margin:2.5rem 0 0;font-size:1.3rem}
h3{margin:.8rem 0 .4rem;font-size:1rem;text-transform:uppercase;letter-spacing:.08em}
p{margin:.2rem 0}small{color:#4a5866}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:#f2f4f6;padding:.6rem;overflow:auto}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1.5rem}
.columns>div{min-width:0;overflow-wrap:anywhere;border-top:2px solid #16202a}
ul,ol{list-style:none;margin:0;padding:0}
.map li{padding:.3rem 0}.map small{display:block}
.map .gap{border-left:2px dotted #6b7885;margin:.2rem 0;padding:.5rem .8rem;color:#4a5866}
.bar{display:block;height:14px;min-width:3px;border:1px solid #16202a}
.file{background:#2b5f8a}
.private-copy{background:repeating-linear-gradient(45deg,#c9741a 0 3px,#fff 3px 6px)}
.zeros{background:#fff}
.steps{max-height:24rem;overflow:auto;border:1px solid #c5ccd3}
.steps li{padding:.1rem .6rem;border-left:.5rem solid #9cc3e0}
.steps .kernel{background:#31220f;color:#fff;border-color:#c9741a}.steps .kernel small{color:#e5d9c8}
.authority li{padding:.3rem 0 .3rem .6rem;border-left:3px solid transparent}
.authority .differs{border-color:#16202a}.authority small{display:block}
.wide{overflow:auto}table{border-collapse:collapse;width:100%;min-width:40rem;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #c5ccd3}
tbody th{width:13rem}.why{font-weight:600}
:focus-visible{outline:3px solid #2b5f8a;outline-offset:1px}
@media print{.steps{max-height:none}}
`;
