// Draws each chart of the page from the table below it. What to draw stands in the figure as JSON (Chart.cs writes it); how it looks, here.
(() => {
  'use strict';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const problems = [];
  addEventListener('error', event => { problems.push(event.message); root.dataset.problems = problems.join('; '); });

  const colour = name => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  const number = text => text === '' ? null : Number(text);
  const short = value => Math.abs(value) >= 1e6 ? `${+(value / 1e6).toPrecision(4)}M` : Math.abs(value) >= 1e4 ? `${+(value / 1e3).toPrecision(4)}k`
    : String(+value.toPrecision(4));
  const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

  function read(figure) {
    const spec = JSON.parse(figure.querySelector('script').textContent);
    const rows = [...figure.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => cell.textContent));
    return { figure, spec, rows, plot: figure.querySelector('.plot') };
  }

  // One axis; names and ticks stay readable on a phone.
  function axis(spec, rows, isX, wide) {
    const line = { lineStyle: { color: colour('rule') } };
    const text = { color: colour('soft'), fontSize: 11, hideOverlap: true };
    const common = {
      name: isX ? spec.name : undefined, nameLocation: 'middle', nameGap: 26, axisLine: line, axisTick: line,
      nameTextStyle: { color: colour('soft'), fontSize: 11 }, splitLine: { lineStyle: { color: colour('rule'), opacity: .6 } },
    };
    if (spec.categories !== undefined) {
      return {
        ...common, type: 'category', data: rows.map(row => row[spec.categories]), inverse: !isX,
        axisLabel: { ...text, width: isX ? undefined : wide ? 190 : 165, overflow: 'break', interval: rows.length > 40 ? 'auto' : 0 },
      };
    }
    return {
      ...common, type: spec.log ? 'log' : 'value', min: spec.min, max: spec.max, interval: spec.step, scale: spec.min === undefined,
      axisLabel: { ...text, formatter: short, showMaxLabel: spec.step !== undefined ? true : spec.max === undefined ? undefined : false },
      splitNumber: wide ? 6 : 4,
    };
  }

  function series(chart, one) {
    const { spec, rows } = chart;
    const category = spec.x.categories !== undefined || spec.y.categories !== undefined;
    if (one.names !== undefined) {
      const points = rows.filter(row => row[one.x] !== '' && row[one.y] !== '').map(row => ({ name: row[one.names], value: [number(row[one.x]), number(row[one.y])] }));
      return { name: one.name, type: one.kind, data: points, symbolSize: 8, itemStyle: { color: colour(one.color), opacity: .8 }, emphasis: { disabled: true }, z: 4 };
    }

    const data = rows.map(row => category ? number(row[spec.x.categories !== undefined ? one.y : one.x]) : [number(row[one.x]), number(row[one.y])])
      .filter(point => category || point[0] !== null && (one.kind === 'line' || point[1] !== null));
    const tint = one.spacer ? 'transparent' : colour(one.color);
    return {
      name: one.name, type: one.kind, data, stack: one.stack, step: one.step ? 'end' : false, symbol: one.kind === 'line' ? 'none' : one.symbol,
      symbolSize: data.length > 300 ? 4 : 6, itemStyle: { color: tint, opacity: one.kind === 'scatter' ? .55 : 1 }, barMaxWidth: 22,
      lineStyle: { color: tint, width: one.thick ? 3.5 : 1.8, opacity: one.thick ? .55 : 1, type: one.dashed ? 'dashed' : 'solid' },
      areaStyle: one.fill ? { color: tint, opacity: .18 } : undefined, emphasis: { disabled: true }, z: one.thick ? 1 : 3,
    };
  }

  // Marked points, with their names where a rising curve is not: below to the right, or above to the left.
  function marks(chart, one) {
    const xs = chart.rows.map(row => number(row[one.x])).filter(x => x !== null);
    const place = chart.spec.x.log ? Math.log : x => x;
    const least = place(Math.min(...xs)), most = place(Math.max(...xs));
    const fits = x => (place(x) - least) < .6 * (most - least);
    return {
      name: '', type: 'scatter', silent: true, symbolSize: 7, z: 5, tooltip: { show: false }, itemStyle: { color: colour(one.color), opacity: 1 },
      data: one.marks.map(mark => ({
        value: [mark.x, mark.y],
        label: {
          show: true, formatter: mark.name, position: fits(mark.x) ? 'right' : 'left', offset: fits(mark.x) ? [0, 6] : [0, -6],
          color: colour('ink'), fontSize: 11,
        },
      })),
    };
  }

  function tooltip(chart) {
    const { spec } = chart;
    const along = spec.along ?? 'x';
    const hidden = spec.series.filter(one => one.spacer).map(one => one.name);
    if (spec.series.some(one => one.names !== undefined)) {
      return {
        trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: colour('card'), borderColor: colour('rule'),
        textStyle: { color: colour('ink'), fontSize: 12 },
        formatter: p => p.name ? `${escape(p.name)}<br>${short(p.value[0])} ${escape(spec.x.unit)}<br><b>${short(p.value[1])}</b> ${escape(spec.y.unit)}` : '',
      };
    }

    return {
      trigger: 'axis', axisPointer: { axis: along, lineStyle: { color: colour('soft') } }, confine: true, transitionDuration: 0,
      backgroundColor: colour('card'), borderColor: colour('rule'), textStyle: { color: colour('ink'), fontSize: 12 },
      formatter: all => {
        const points = [...new Map(all.filter(p => p.seriesName && !hidden.includes(p.seriesName)).map(p => [p.seriesName, p])).values()];
        if (points.length === 0) {
          return '';
        }

        const value = (p, of) => Array.isArray(p.value) ? p.value[of === 'x' ? 0 : 1] : p.value;
        const other = along === 'x' ? 'y' : 'x';
        const head = Array.isArray(points[0].value) ? `${spec[along].name} ${short(value(points[0], along))}` : points[0].name;
        return [escape(head), ...points.map(p => `${p.marker}${escape(p.seriesName)} <b>${value(p, other) === null ? '-' : short(value(p, other))}</b> ${escape(spec[other].unit ?? '')}`)].join('<br>');
      },
    };
  }

  function draw(chart) {
    const { spec, rows, plot, figure } = chart;
    const wide = plot.clientWidth > 480;
    if (!chart.drawn) {
      chart.drawn = echarts.init(plot, null, { renderer: 'svg' });
      chart.drawn.on('click', point => figure.dispatchEvent(new CustomEvent('pick', { detail: point.name })));
    }

    const option = {
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: spec.y.categories === undefined ? 6 : 24, right: 16, top: 16, bottom: spec.x.name ? 24 : 6, containLabel: true },
      xAxis: axis(spec.x, rows, true, wide), yAxis: axis(spec.y, rows, false, wide),
      series: spec.series.map(one => series(chart, one)), tooltip: tooltip(chart),
    };
    const points = option.series.map(one => one.data.length).join(' ');
    option.series.push(...spec.series.filter(one => one.marks).map(one => marks(chart, one)));
    chart.drawn.setOption(option, { notMerge: true });
    figure.dataset.points = points;
  }

  const charts = [...document.querySelectorAll('figure')].map(read);
  const drawAll = () => {
    charts.forEach(draw);
    root.dataset.theme = dark.matches ? 'dark' : 'light';
  };
  drawAll();
  dark.addEventListener('change', drawAll);

  const sizes = new ResizeObserver(entries => entries.forEach(entry => {
    const chart = charts.find(one => one.plot === entry.target);
    if (chart.width !== entry.contentRect.width) {
      chart.width = entry.contentRect.width;
      chart.drawn.resize();
      draw(chart);
    }
  }));
  charts.forEach(chart => { chart.width = chart.plot.clientWidth; sizes.observe(chart.plot); });

  // A page's own script may change what a figure shows.
  charts.forEach(chart => chart.figure.addEventListener('redraw', () => { Object.assign(chart, read(chart.figure)); draw(chart); }));

  // Paper is white: the style sheet says so for print, and the charts follow.
  const paper = matchMedia('print');
  paper.addEventListener('change', () => charts.forEach(chart => { chart.drawn.resize(); draw(chart); }));
})();
