/**
 * How the page looks: letters, marks and patterns carry the meaning, colour only repeats it.
 *
 * @module
 */

/** Paper, ink and the few colours; one set for light rooms, one for dark ones. */
const COLOURS = `
:root{color-scheme:light dark;--paper:#fff;--ink:#14191f;--soft:#566270;--line:#d5dbe1;--shade:#f1f4f7;
--user:#d9e8f6;--user-ink:#0c4a80;--kernel:#1d2731;--kernel-ink:#fff;--file:#2a6cab;--copy:#b8621b;
--zeros:#8b98a5;--alarm:#a3262b}
@media (prefers-color-scheme:dark){:root{--paper:#11161b;--ink:#e8edf2;--soft:#9aa8b5;--line:#313b45;
--shade:#1a2128;--user:#17364f;--user-ink:#b9dcfb;--kernel:#e8edf2;--kernel-ink:#11161b;--file:#6db1ee;
--copy:#e39a55;--zeros:#75838f;--alarm:#ff8f8f}}
`;

/** The page as a whole, its words and its columns. */
const PAGE = `
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:var(--paper);
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.top,main,footer{max-width:1240px;margin:auto;padding:0 20px}
.skip{position:absolute;left:-99em}.skip:focus{left:20px;top:8px;background:var(--paper);padding:4px 8px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.over{margin:32px 0 0;color:var(--soft);font-size:13px;letter-spacing:.06em;text-transform:uppercase}
h1{margin:0;font-size:clamp(30px,5vw,46px);line-height:1.1;letter-spacing:-.02em;font-weight:650}
h2{margin:0;font-size:22px;line-height:1.2;letter-spacing:-.01em}
h3{margin:0 0 10px;font-size:15px;padding-bottom:4px;border-bottom:2px solid var(--ink)}
section{margin-top:64px;scroll-margin-top:16px}
.about{margin:6px 0 20px;color:var(--soft);max-width:46em}
p{margin:0}small{font-size:12.5px;color:var(--soft)}
code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,"DejaVu Sans Mono",monospace}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin:18px 0 0;padding:10px 0;border-block:1px solid var(--line)}
a{color:var(--user-ink);text-underline-offset:3px}
:focus-visible{outline:3px solid var(--file);outline-offset:2px;border-radius:2px}
ol,ul{list-style:none;margin:0;padding:0}
.columns{display:grid;grid-template-columns:repeat(var(--columns),minmax(0,1fr));gap:24px}
.columns>div{min-width:0}
.legend{display:flex;flex-wrap:wrap;gap:6px 22px;margin:14px 0 18px;font-size:13px;color:var(--soft)}
.legend span{display:inline-flex;align-items:center;gap:6px}
.who{display:inline-flex;align-items:center;justify-content:center;min-width:20px;height:18px;padding:0 5px;border:1px solid;
border-radius:3px;font:700 11px/1 ui-monospace,monospace}
.who.kernel{background:var(--kernel);color:var(--kernel-ink);border-color:var(--kernel)}
.who.user{background:var(--user);color:var(--user-ink);border-color:var(--user-ink)}
.none{color:var(--soft)}
footer{margin-top:64px;padding-bottom:48px;color:var(--soft);font-size:13px}footer p{border-top:1px solid var(--line);padding-top:12px}
@media (max-width:760px){.columns{grid-template-columns:minmax(0,1fr);gap:32px}section{margin-top:48px}
.top,main,footer{padding:0 16px}}
@media print{.grid thead th,.grid thead td{position:static}.top nav,.skip{display:none}section{break-inside:auto}.part,.block,figure{break-inside:avoid}}
`;

const CARDS = `
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(250px,100%),1fr));gap:16px;margin-top:20px}
@media (min-width:1200px){.cards{grid-template-columns:repeat(min(5,var(--columns)),minmax(0,1fr))}}
article{border:1px solid var(--line);border-radius:8px;padding:16px;min-width:0;display:flex;flex-direction:column;gap:10px}
article h2{font-size:20px}article>p{font-size:13.5px;color:var(--soft)}
article .why{color:var(--alarm);font-weight:600}article .why::before{content:"! "}
pre{margin:0;background:var(--shade);border-radius:4px;padding:8px 10px;white-space:pre-wrap;max-height:9em;overflow:auto}
dl{margin:auto 0 0;font-size:13.5px}dl div{display:flex;justify-content:space-between;gap:8px;border-top:1px solid var(--line);padding:4px 0}
dt{color:var(--soft)}dd{margin:0;font-weight:600;text-align:right}
`;

const FILE = `
.file{margin-bottom:14px}.file b{font-size:13px}.file .length{display:inline;float:right}.file small{display:block;margin-top:3px}
.file .line,.rail .line{position:relative;display:block;height:18px;background:var(--shade);border:1px solid var(--line);border-radius:2px}
.line i{position:absolute;top:0;bottom:0;min-width:3px}
.line .kernel{background:var(--kernel)}
.line .user{background:repeating-linear-gradient(135deg,var(--user-ink) 0 2px,var(--user) 2px 5px);border:1px solid var(--user-ink)}
`;

const MAP = `
.rails{margin-bottom:8px}
.rail{display:grid;grid-template-columns:110px minmax(0,1fr);align-items:center;gap:10px;margin-bottom:6px}
.rail b{font-size:13px}.rail i{min-width:4px;background:var(--ink)}
.rail.axis .line{border:0;background:none;height:16px;font-size:11px;color:var(--soft)}
.axis span span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.axis span span:first-child{transform:none}.axis span span:last-child{transform:translateX(-100%)}
@media (max-width:760px){.axis span span:nth-child(even){display:none}}
.map{border-left:1px solid var(--line)}
.block{position:relative;padding:6px 0 6px 16px;margin-left:-1px}
.block::before{content:"";position:absolute;left:0;top:0;bottom:0}
.block::before,.edge{width:6px;background:var(--paper);border:1px solid var(--zeros)}
.block.from-file::before,.edge.from-file{background:var(--file);border-color:var(--file)}
.block.from-private-copy::before,.edge.from-private-copy{border-color:var(--copy);
background:repeating-linear-gradient(135deg,var(--copy) 0 2px,var(--paper) 2px 5px)}
.block+.block{border-top:1px solid var(--line)}
.name{display:flex;gap:6px;align-items:baseline;font-size:13px}.name b{flex:1;font-weight:600;min-width:0}
.name .size{color:var(--soft);font-size:12.5px;white-space:nowrap}
.wx{background:var(--alarm);color:var(--paper);padding:0 3px;border-radius:2px}
.block svg{display:block;margin:4px 0 2px;max-width:100%;height:auto}
.at{display:flex;justify-content:space-between;color:var(--soft)}.at code{font-size:11.5px}
.cut{font-size:11.5px;color:var(--soft);border-top:1px dashed var(--soft);margin:2px 0 4px;padding-top:1px}
.gap{border-left:1px dotted var(--soft);margin-left:-1px;padding:12px 0 12px 16px;font-size:12.5px;color:var(--soft)}
.gap span{border-block:1px dashed var(--line);padding:2px 8px 2px 0}
rect{fill:var(--paper);stroke:var(--zeros)}rect.there{fill:var(--ink);stroke:var(--ink)}rect.later{stroke:var(--ink)}
.half{fill:var(--ink)}
.edge{display:inline-block;height:16px}
.tip{display:none;position:absolute;z-index:2;left:8px;right:0;top:100%;background:var(--ink);color:var(--paper);border-radius:4px;
padding:8px 12px;font-size:12.5px;box-shadow:0 4px 16px #0004}
.block:hover .tip,.block:focus .tip,.bar:hover .tip,.bar:focus .tip{display:block}
.bar .tip{right:auto;min-width:min(260px,100%);white-space:normal;line-height:1.5}
.block:last-child .tip{top:auto;bottom:100%}
`;

const STEPS = `
.sum{font-size:13px;margin-bottom:6px}
.cells{display:flex;flex-wrap:wrap;gap:3px 2px;margin-bottom:14px}
.cells i{width:9px;height:22px;border:1px solid var(--user-ink);background:var(--user);border-radius:1px}
.cells .kernel{background:var(--kernel);border-color:var(--kernel)}
.cells .changes{box-shadow:0 4px 0 -1px var(--paper),0 5px 0 var(--copy)}
.part{border-left:4px double var(--user-ink);padding:0 0 10px 10px}
.part.kernel{border-left:4px solid var(--kernel)}
.actor{display:flex;flex-wrap:wrap;gap:0 6px;align-items:center;padding:2px 0 4px;font-size:13.5px}
.told{font-weight:700}
.part ol li{font-size:13px;line-height:1.45;padding:1px 0}
.detail{overflow-wrap:anywhere}
.chip{display:inline-block;font:11px/1.35 ui-monospace,monospace;border:1px solid var(--copy);color:var(--copy);border-radius:3px;
padding:0 4px;white-space:nowrap}
.chip.unmap{border-style:dashed}
`;

const TABLES = `
.grid{border-collapse:collapse;width:100%;table-layout:fixed;font-size:13.5px}
.grid th,.grid td{text-align:left;vertical-align:top;padding:8px 12px 8px 0;border-bottom:1px solid var(--line)}
.grid thead th{border-bottom:2px solid var(--ink);font-size:15px;padding-bottom:4px}
.grid thead th,.grid thead td{position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:2px solid var(--ink)}
.grid tbody th{font-weight:600}.grid thead td,.grid tbody th{width:170px}
.grid .label{display:none}.grid li{padding-bottom:8px;position:relative;padding-left:24px}
.grid small{display:block;line-height:1.35;font-weight:400}
.mark{display:inline-flex;justify-content:center;align-items:center;min-width:18px;height:18px;border:1px solid;border-radius:3px;font-size:11px;
line-height:1;font-style:normal}
.grid li .mark{position:absolute;left:0;top:1px}
.only .mark,.mark.full{background:var(--ink);color:var(--paper);border-color:var(--ink)}
.same .mark{color:var(--soft)}
.weaker .mark,.stronger .mark{border-style:dashed}
details{font-size:12.5px}summary{cursor:pointer;color:var(--user-ink)}details code{margin-right:8px}
.verdict{display:flex;flex-wrap:wrap;align-items:center;gap:2px 6px}
.pays{font-size:11.5px;border:1px solid var(--line);border-radius:9px;padding:0 7px;color:var(--soft)}
.group th{border-bottom:0;padding-top:20px;color:var(--soft);font-weight:500;font-size:13px}
.killed .mark{background:var(--ink);color:var(--paper)}.panics .mark{background:var(--alarm);color:var(--paper)}
.runs .mark{border-style:dotted}
@media (max-width:760px){.grid,.grid tbody,.grid tr,.grid th,.grid td{display:block;width:auto!important}.grid thead{display:none}
.grid th,.grid td{border:0;padding:2px 0}.grid tr{border-bottom:1px solid var(--line);padding:10px 0}.grid .group{border:0;padding-bottom:0}
.grid td{display:grid;grid-template-columns:105px minmax(0,1fr);column-gap:8px}.grid td>*{grid-column:2}
.grid td>.mark{justify-self:start}
.grid .label{display:block;grid-column:1;grid-row:1/9;color:var(--soft);font-size:12.5px;padding-top:1px}}
`;

const CHARTS = `
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(430px,100%),1fr));gap:36px 48px}
figure{margin:0;min-width:0}figcaption{margin-bottom:8px}figcaption small{display:block}
figure table{width:100%;border-collapse:collapse;font-size:13px}
figure th{width:105px;text-align:left;font-weight:500;padding:3px 8px 3px 0}
figure .value{width:84px;text-align:right;font-weight:600;white-space:nowrap}
figure .bar{position:relative;background:linear-gradient(var(--line),var(--line)) 0 0/1px 100% no-repeat;white-space:nowrap;font-size:0}
.bar i,.key i{display:inline-block;height:16px;border:1px solid var(--ink);vertical-align:middle}
.bar i+i{border-left:0}.key{display:flex;flex-wrap:wrap;gap:3px 14px;margin-top:8px;font-size:12px;color:var(--soft)}
.key span{display:inline-flex;align-items:center;gap:5px}.key i{width:14px;height:12px}
.p0{background:var(--ink)}.p1{background:var(--paper)}
.p2{background:repeating-linear-gradient(135deg,var(--ink) 0 1.5px,var(--paper) 1.5px 5px)}
.p3{background:repeating-linear-gradient(90deg,var(--ink) 0 1px,var(--paper) 1px 3px)}
.p5{background:var(--zeros)}
.p6{background:repeating-linear-gradient(0deg,var(--ink) 0 1px,var(--paper) 1px 4px)}
.p7{background:repeating-linear-gradient(45deg,var(--ink) 0 1.5px,var(--line) 1.5px 5px)}
.p8{background:var(--line)}
.p4{background:radial-gradient(var(--ink) 1px,var(--paper) 1.4px) 0 0/5px 5px}
`;

/** The style sheet. */
export const STYLE: string = COLOURS + PAGE + CARDS + FILE + MAP + STEPS + TABLES + CHARTS;
