// Lets the reader pick what the chart of a sweep shows: fills the figure's description and table from the table of runs, and report.js draws it.
(() => {
  'use strict';
  const colours = ['measured', 'simulated', 'c3', 'c4', 'c5'];
  const mostSeries = 2 * colours.length;
  const form = document.querySelector('.picks');
  const status = document.querySelector('.picked');
  const figure = document.querySelector('.picks + .charts figure');
  const dimensions = JSON.parse(form.querySelector('script').textContent);
  const runs = document.querySelector('.tall table');
  const names = [...runs.querySelectorAll('thead th')].map(cell => cell.textContent);
  const rows = [...runs.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => cell.textContent));
  const pick = name => form.elements.namedItem(name);
  const isNumber = text => text !== '' && Number.isFinite(Number(text));
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  // The dimension that an axis belongs to; those of one dimension move together.
  const dimensionOf = column => dimensions.findIndex(columns => columns.includes(column));
  const place = (row, dimension) => dimensions[dimension].map(column => row[column]).join(' + ');

  function kept() {
    const free = [dimensionOf(Number(pick('x').value)), dimensionOf(Number(pick('colour').value))];
    const fixed = dimensions.map((_, i) => i).filter(i => !free.includes(i));
    dimensions.forEach((_, i) => { pick(`at${i}`).closest('label').hidden = !fixed.includes(i); });
    return rows.filter(row => fixed.every(i => pick(`at${i}`).value === '' || pick(`at${i}`).value === place(row, i)));
  }

  // Of many values as many, evenly spread, as can be told apart.
  function spread(values) {
    return values.length <= mostSeries ? values
      : Array.from({ length: mostSeries }, (_, i) => values[Math.round(i * (values.length - 1) / (mostSeries - 1))]);
  }

  function choose() {
    const [x, y, colour] = ['x', 'y', 'colour'].map(name => Number(pick(name).value));
    const hasColour = pick('colour').value !== '';
    const shown = kept().filter(row => row[y] !== '' && row[x] !== '');
    const isText = !shown.every(row => isNumber(row[x]));
    const all = hasColour ? [...new Set(shown.map(row => row[colour]))] : [''];
    const values = spread(all);
    const points = shown.filter(row => !hasColour || values.includes(row[colour]));
    if (!isText) {
      points.sort((a, b) => a[x] - b[x]);
    }

    const cells = new Map();
    let isLine = dimensionOf(x) >= 0;
    points.forEach((row, i) => {
      const series = hasColour ? values.indexOf(row[colour]) : 0;
      const key = isLine && !cells.get(row[x])?.[series + 1] ? row[x] : (isLine = false, `${row[x]} ${i}`);
      const line = cells.get(key) ?? [row[x], ...values.map(() => '')];
      line[series + 1] = row[y];
      cells.set(key, line);
    });
    return { x, y, colour, hasColour, isText, isLine, all, values, points, lines: [...cells.values()] };
  }

  function show() {
    const { x, y, colour, hasColour, isText, isLine, all, values, points, lines } = choose();
    const positive = column => points.every(row => Number(row[column]) > 0);
    const title = `${names[y]} by ${names[x]}`;
    const label = value => hasColour ? `${names[colour]} ${value}` : names[y];
    const series = values.map((value, i) => ({
      name: label(value), kind: isLine ? 'line' : 'scatter', x: 0, y: i + 1, color: colours[i % colours.length], dashed: i >= colours.length,
      symbol: i >= colours.length ? 'triangle' : 'circle',
    }));
    const spec = {
      x: isText ? { name: names[x], unit: '', categories: 0 } : { name: names[x], unit: '', log: pick('xlog').checked && positive(x) },
      y: { name: names[y], unit: '', log: pick('ylog').checked && positive(y) },
      series,
    };
    const heights = points.map(row => Number(row[y]));
    const words = points.length === 0 ? 'No run has these figures.'
      : `${points.length} of ${rows.length} runs, ${names[y]} from ${Math.min(...heights)} to ${Math.max(...heights)}.`
        + (values.length < all.length ? ` Of ${all.length} values of ${names[colour]} ${values.length} are shown.` : '');

    figure.querySelector('h3').textContent = title;
    figure.querySelector('.key').replaceChildren(...series.map(one => {
      const key = element('span', one.name);
      key.className = `${one.color.startsWith('c') ? one.color : `c-${one.color}`}${isLine ? '' : ' dots'}`;
      return key;
    }), Object.assign(element('span', names[y]), { className: 'up' }));
    figure.querySelector('script').textContent = JSON.stringify(spec);
    figure.querySelector('.plot').setAttribute('aria-label', `${title}. ${words}`);
    const head = [names[x], ...values.map(label)].map(name => Object.assign(element('th', name), { scope: 'col' }));
    figure.querySelector('thead tr').replaceChildren(...head);
    figure.querySelector('tbody').replaceChildren(...lines.map(line => {
      const row = document.createElement('tr');
      row.append(...line.map((text, i) => i === 0 ? Object.assign(element('th', text), { scope: 'row' }) : element('td', text)));
      return row;
    }));
    status.textContent = words;
    figure.dispatchEvent(new Event('redraw'));
  }

  form.addEventListener('change', show);
  form.addEventListener('submit', event => event.preventDefault());
  show();
})();
