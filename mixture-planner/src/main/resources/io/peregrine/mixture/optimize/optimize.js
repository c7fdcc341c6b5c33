// The sections of the page about proposed weights. The helpers are those of page.js.

header('Laws of the loss by the weights, fitted to small training runs, and the weights that they propose within what '
  + 'windows and epochs allow.');
drawWeights();
drawPrices();
drawTargets();
drawFit();
drawChecks();
finish();

function mean(rows, value) {
  return rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
}

function drawWeights() {
  const box = section('weights', 'Weights', 'The prior and the proposal. "Folds" are the smallest and largest weight that '
    + 'the laws of one cross-validation fold propose: how much the runs leave open. A weight beyond every run is an '
    + 'extrapolation of the laws.');
  tile(fixed(data.lossBefore, 4), 'weighted loss of the prior, predicted');
  tile(fixed(data.loss, 4), 'of the proposal');
  box.append(chart('Share of the trained tokens', bars(data.sources.map(source => words(source.name)), [
    { label: 'prior', data: data.sources.map(source => source.prior) },
    { label: 'proposed', data: data.sources.map(source => source.weight) },
  ], { horizontal: true, format: value => percent(value, 1) }), 80 + 34 * data.sources.length));
  box.append(table(data.sources, [
    ['source', source => source.name, 'code'],
    ['prior', source => percent(source.prior, 2), 'number'],
    ['proposed', source => percent(source.weight, 2), 'number'],
    ['folds', source => percent(source.lowest, 2) + ' – ' + percent(source.highest, 2), 'number'],
    ['cap', source => (source.rule === 'none' ? '' : percent(source.cap, 2)), 'number'],
    ['set by', source => (source.rule === 'none' ? '' : source.rule) + (source.atCap ? ', binds' : '')],
    ['most in a run', source => percent(source.largestSeen, 1) + (source.weight > source.largestSeen ? ' (beyond)' : ''),
      'number'],
  ]));
}

function drawPrices() {
  const capped = data.sources.filter(source => source.atCap).sort((a, b) => b.worth - a.worth);
  const box = section('prices', 'What more data would be worth', 'By how much the objective falls for a billion unique '
    + 'tokens more of a source, as long as its cap binds: the multiplier of the cap.');
  tile(count(capped.length), `of ${count(data.sources.length)} sources at their cap`);
  if (capped.length === 0) {
    box.append(element('p', {}, 'No cap binds.'));
    return;
  }
  box.append(chart('Loss per billion tokens', bars(capped.map(source => words(source.name)),
    [{ label: 'loss per billion unique tokens', data: capped.map(source => source.worth) }],
    { horizontal: true, format: value => Number(value.toPrecision(3)).toString() }), 70 + 26 * capped.length));
}

function drawTargets() {
  const box = section('targets', 'Losses', 'What the laws predict for the prior and for the proposal.');
  box.append(table(data.targets, [
    ['target', target => target.name, 'code'],
    ['weight', target => percent(target.weight, 1), 'number'],
    ['prior', target => fixed(target.lossBefore, 4), 'number'],
    ['proposed', target => fixed(target.loss, 4), 'number'],
    ['change', target => fixed(target.loss - target.lossBefore, 4), 'number'],
  ]));
}

function drawFit() {
  const box = section('fit', 'How well the laws predict', `Each of the ${count(data.runs)} runs by laws fitted to the other `
    + `folds of ${count(data.folds)}. Regret: loss of the best of the ${count(data.topK)} runs predicted best, above the `
    + 'best of all. In the second columns the linear law.');
  tile(fixed(data.objective.exponential.spearman), 'rank correlation of the weighted loss, cross-validated');
  const rows = [...data.targets, { name: 'weighted sum', ...data.objective }];
  box.append(table(rows, [
    ['target', target => target.name, 'code'],
    ['Spearman', target => fixed(target.exponential.spearman), 'number'],
    ['linear', target => fixed(target.linear.spearman), 'number'],
    ['RMSE', target => fixed(target.exponential.rmse, 4), 'number'],
    ['linear', target => fixed(target.linear.rmse, 4), 'number'],
    ['regret', target => fixed(target.exponential.regret, 4), 'number'],
    ['linear', target => fixed(target.linear.regret, 4), 'number'],
  ]));
  const grid = element('div', { class: 'charts' });
  for (const target of data.targets) grid.append(scatter(target));
  box.append(element('h3', {}, 'Predicted and seen loss; the line is equality'), grid);
}

function scatter(target) {
  const points = [];
  for (let i = 0; i < target.points.length; i += 2) points.push({ x: target.points[i], y: target.points[i + 1] });
  const all = target.points;
  const ends = [Math.min(...all), Math.max(...all)];
  return chart(words(target.name), colours => ({
    type: 'scatter',
    data: {
      datasets: [
        { label: 'runs', data: points, pointRadius: 1.8, backgroundColor: colours.series[0] },
        {
          label: 'equality', type: 'line', data: ends.map(end => ({ x: end, y: end })), pointRadius: 0, borderWidth: 1,
          borderColor: colours.soft,
        },
      ],
    },
    options: {
      plugins: { legend: { display: false } },
      scales: {
        x: { title: { display: true, text: 'predicted' }, ticks: { maxTicksLimit: 6 } },
        y: { title: { display: true, text: 'seen' }, ticks: { maxTicksLimit: 6 } },
      },
    },
  }), 240);
}

function drawChecks() {
  if (data.checks.length === 0) return;
  const box = section('checks', 'Unseen runs', 'Ranked by the same laws. Of another size of model only the ranks mean '
    + 'something, not the losses. In brackets the linear law.');
  const pair = (law, linear) => `${fixed(law.spearman)} (${fixed(linear.spearman)})`;
  const average = qualities => ({ spearman: mean(qualities, quality => quality.spearman) });
  const rows = data.targets.map((target, i) => ({
    name: target.name, of: check => pair(check.exponential.targets[i], check.linear.targets[i]),
  }));
  rows.push({ name: 'mean', of: check => pair(average(check.exponential.targets), average(check.linear.targets)) });
  rows.push({ name: 'weighted sum', of: check => pair(check.exponential.objective, check.linear.objective) });
  box.append(table(rows, [
    ['target', row => row.name, 'code'],
    ...data.checks.map(check => [`${check.name}: ${count(check.runs)} runs`, row => row.of(check), 'number']),
  ]));
}
