/**
 * Looks of a report: on screen, and on A4. Where no Latin sans is at hand a Chinese one takes its place, with signs
 * twice as wide.
 */
export const STYLE = `
@font-face{font-family:Narrow;src:local("Inter"),local("Segoe UI"),local("Liberation Sans"),local("Arial"),local("DejaVu Sans");unicode-range:U+B1,U+B7,U+D7,U+2013,U+2019,U+2202}
@font-face{font-family:Narrow;font-weight:600;src:local("Inter SemiBold"),local("Segoe UI Semibold"),local("Liberation Sans Bold"),local("Arial Bold"),local("DejaVu Sans Bold");unicode-range:U+B1,U+B7,U+D7,U+2013,U+2019,U+2202}
:root{--ink:#1A1F27;--ink2:#454E5B;--ink3:#5C6675;--rule:#D5DAE1;--hair:#E6E9EE;--a:#A34A0A;--b:#00757A;--soft:#F6F7F9;--acc:#2F58C9;--ok:#1B7446;
--serif:"Source Serif 4","Source Serif Pro",Charter,Georgia,"Liberation Serif","DejaVu Serif","Noto Serif CJK SC","Noto Serif",serif;
--sans:Narrow,Inter,"Segoe UI","Liberation Sans","Noto Sans CJK SC",system-ui,sans-serif;--mono:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
*{box-sizing:border-box;margin:0}
html{background:#E9ECF0;color-scheme:light}
body{font:400 14px/22px var(--serif);color:var(--ink);font-variant-numeric:lining-nums tabular-nums}
.page{width:860px;max-width:100%;margin:32px auto;background:#fff;padding:52px 60px 40px;box-shadow:0 1px 2px rgba(20,28,40,.08),0 8px 32px rgba(20,28,40,.10)}
table,figcaption,.kick,.keys,.fin,svg text,.by{font-family:var(--sans);font-variant-numeric:tabular-nums}
.kick,.fin{display:flex;justify-content:space-between;gap:24px;font-size:11px;line-height:16px;color:var(--ink3)}
.kick b{font-weight:600;color:var(--ink);display:inline-flex;gap:8px;align-items:center}
h1{font:700 30px/38px var(--serif);letter-spacing:-.3px;margin-top:28px;overflow-wrap:anywhere}
.by{font-size:12px;line-height:18px;color:var(--ink2);margin-top:6px}
.verdict{font:400 18px/28px var(--serif);margin-top:20px;padding:14px 0 16px;border-top:2px solid var(--ink);border-bottom:1px solid var(--rule)}
.keys{display:flex;border-bottom:1px solid var(--rule);padding:14px 0}
.keys>div{flex:1 1 auto;padding:0 12px 0 16px;border-left:1px solid var(--hair)}.keys>div:first-child{border:0;padding-left:0}
.keys .v{font-size:20px;line-height:26px;font-weight:600;white-space:nowrap}.keys .v i{font-style:normal;color:var(--ink3);font-weight:400;margin:0 4px}
.keys .l{font-size:11px;line-height:16px;color:var(--ink3)}
.a{color:var(--a)}.b{color:var(--b)}
h2{font:700 17px/24px var(--serif);margin:28px 0 6px;display:flex;gap:10px}h2 span{color:var(--ink3);font-weight:400;width:14px}
p+p{margin-top:8px}p,li{overflow-wrap:anywhere}
figure{margin-top:14px;break-inside:avoid}figcaption{font-size:11.5px;line-height:17px;color:var(--ink2);margin-top:8px}figcaption b{color:var(--ink);font-weight:600}
svg{display:block;overflow:visible;max-width:100%}svg text{font-size:10.5px;fill:var(--ink3)}svg .t{fill:var(--ink);font-weight:600}
.hair{stroke:var(--hair);fill:none}.empty{fill:#F0F2F5}.hot{fill:transparent;cursor:crosshair}
table{border-collapse:collapse;width:100%;font-size:12px;line-height:16px}
th{font-weight:500;color:var(--ink3);font-size:11px;text-align:left;vertical-align:bottom;padding:6px 6px 6px 0;border-bottom:1px solid var(--ink)}
td{padding:3px 6px 3px 0;height:23px;border-bottom:1px solid var(--hair);overflow-wrap:anywhere}
.top2{border-top:2px solid var(--ink);margin-top:14px}.r{text-align:right;white-space:nowrap}.rank tr:last-child td{border-bottom:1px solid var(--ink)}
.rank svg{max-width:none}.rank td:nth-child(5),.rank td:nth-child(6){padding-left:6px}.rank .g td{color:var(--ink3);font-size:11px;height:22px;vertical-align:bottom}
.rank .no td{color:var(--ink3)}.rank .best td{background:#EAF5F4;font-weight:600}.rank .un td{background:#FBF3EC}
.rank td:first-child{padding-left:4px;width:26px}
.tag{font-weight:500;font-size:10.5px;color:#fff;background:var(--b);border-radius:3px;padding:1px 5px;margin-left:8px;white-space:nowrap}.no .tag{color:var(--ink2);background:var(--soft);box-shadow:inset 0 0 0 1px var(--rule);margin-left:0}
.two{display:flex;gap:32px}.two>div{flex:1;min-width:0}
.chain{table-layout:fixed}.chain td,.chain th{text-align:center;font-size:10px;height:22px;padding:0;border:0;letter-spacing:-.2px;overflow:hidden;white-space:nowrap}
.chain td:first-child,.chain th:first-child{text-align:left;font-size:11px;letter-spacing:0;width:104px;color:var(--ink2);text-overflow:ellipsis}.chain td.c{border:1px solid #fff}
.box{background:var(--soft);border-radius:6px;padding:12px 16px 14px;margin-top:8px;break-inside:avoid}
.box dl{display:grid;grid-template-columns:88px 1fr;row-gap:3px;font:400 11.5px/17px var(--sans);font-variant-numeric:tabular-nums}
.box dt{color:var(--ink3)}.box dd{margin:0;min-width:0;overflow-wrap:anywhere}
.mono{font-family:var(--mono);font-size:10.5px}
pre{font:400 10.5px/16px var(--mono);background:#fff;border:1px solid var(--rule);border-radius:4px;padding:6px 10px;white-space:pre-wrap;overflow-wrap:anywhere;margin-top:8px}
.acts{display:flex;flex-wrap:wrap;gap:4px 12px;margin-top:8px;font:500 11.5px/16px var(--sans)}.acts a{color:var(--acc);text-decoration:none}
.fin{border-top:1px solid var(--rule);margin-top:28px;padding-top:10px}
.tip{position:fixed;pointer-events:none;background:#fff;border-radius:6px;box-shadow:0 2px 4px rgba(20,28,40,.10),0 12px 32px rgba(20,28,40,.16);padding:6px 10px;font:400 12px/16px var(--sans);display:none;font-variant-numeric:tabular-nums}
@page{size:A4;margin:14mm 15mm 16mm}
@media print{html{background:none}.page{width:740px;max-width:none;margin:0;padding:0;box-shadow:none;zoom:.915}.acts,.tip{display:none!important}h1{margin-top:14px}h2{break-after:avoid}
.two{break-inside:auto}figure{padding-top:6px}.live{display:none}figure,tr,dd,pre{break-inside:avoid}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`

/** Reads values out of the tables inside the page where one points at a plot. All else works without it. */
export const SCRIPT = `
(function () {
  var tip = document.getElementById('tip'), tables = {};
  function table(id) {
    if (tables[id]) return tables[id];
    var text = atob(document.getElementById(id).href.split(',')[1]);
    var bytes = Uint8Array.from(text, function (c) { return c.charCodeAt(0); });
    var lines = new TextDecoder().decode(bytes).trim().split('\\n').map(function (l) { return l.split(','); });
    return (tables[id] = { head: lines[0], rows: lines.slice(1) });
  }
  document.querySelectorAll('.hot').forEach(function (hot) {
    var d = hot.dataset;
    hot.addEventListener('pointermove', function (e) {
      var t = table(d.table), box = hot.getBoundingClientRect();
      var step = +d.from + ((e.clientX - box.left) / box.width) * (d.to - d.from);
      var row = t.rows[0];
      t.rows.forEach(function (r) { if (+r[0] <= step) row = r; });
      if (!row) return;
      var said = [];
      if (d.kind === 'heat') {
        var n = t.head.length - 1;
        var k = Math.min(n, Math.max(1, n - Math.floor(((e.clientY - box.top) / box.height) * n)));
        said.push(t.head[k] + ': ' + row[k]);
      } else t.head.forEach(function (h, k) { if (k && row[k] !== '' && h.slice(-d.only.length) === d.only) said.push(h + ': ' + row[k]); });
      tip.textContent = t.head[0] + ' ' + row[0] + ' · ' + said.join(' · ');
      tip.style.display = 'block';
      tip.style.left = Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
      tip.style.top = e.clientY + 14 + 'px';
    });
    hot.addEventListener('pointerleave', function () { tip.style.display = 'none'; });
  });
})();
`
