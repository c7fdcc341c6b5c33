// The sections of the page about a run's rewrites. The helpers are those of page.js.

header('What was written from the documents of the run, what was refused and why, and what it cost. Every refused answer '
  + 'is kept with its reason, the measured value and the limit.');
const total = (rows, key) => rows.reduce((sum, row) => sum + (row[key] || 0), 0);
const standing = data.answers.filter(row => row.reason === '');
tile(count(total(data.answers, 'answers')), 'answers judged');
tile(percent(total(standing, 'answers') / total(data.answers, 'answers')), 'stand');
drawAnswers();
drawCost();
drawOpenings();
drawPairs('rewrites', 'Rewrites', 'Documents and what stands for them, side by side.', 'template', data.rewrites);
drawPairs('rejected', 'Refused answers', 'Documents and what was refused, with the first reason.', 'reason', data.rejected);
finish();

// ---- rates

function drawAnswers() {
  const box = section('answers', 'What stands and why the rest does not',
    'Answers by source and template. A part of a document that is refused refuses the answer; where settings keep the '
    + 'original, such an answer counts as refused here, and the document is in the table of rewrites all the same.');
  if (data.answers.length === 0) {
    box.append(element('p', {}, 'Nothing was asked.'));
    return;
  }
  const groups = [...new Set(data.answers.map(row => JSON.stringify([row.source, row.template])))].map(JSON.parse);
  const of = ([source, template]) => data.answers.filter(row => row.source === source && row.template === template);
  const reasons = [...new Set(data.answers.map(row => row.reason))].filter(reason => reason !== '');
  const name = ([source, template]) => source + ' · ' + template;
  box.append(chart('Share of the answers that stand', bars(groups.map(name), [{
    label: 'stand',
    data: groups.map(group => total(of(group).filter(row => row.reason === ''), 'answers') / total(of(group), 'answers')),
  }], { horizontal: true, format: value => percent(value, 0) }), 60 + 24 * groups.length));
  box.append(table(groups, [
    ['source', group => group[0]],
    ['template', group => group[1], 'code'],
    ['answers', group => count(total(of(group), 'answers')), 'number'],
    ['stand', group => percent(total(of(group).filter(row => row.reason === ''), 'answers') / total(of(group), 'answers')),
      'number'],
    ...reasons.map(reason => [words(reason),
      group => count(total(of(group).filter(row => row.reason === reason), 'answers')), 'number']),
  ]));
}

// ---- cost

function drawCost() {
  const box = section('cost', 'Requests, tokens and cost',
    'All that the responses of this run have cost, whoever paid: responses may be shared between runs. Attempts that were '
    + 'lost count with the most they may have cost.');
  if (data.cost.length === 0) {
    box.append(element('p', {}, 'No model was asked.'));
    return;
  }
  tile((total(data.cost, 'micro_dollars') / 1e6).toFixed(4) + ' USD', 'cost of the responses');
  tile(count(total(data.cost, 'tokens')), 'tokens');
  box.append(table([...data.cost, {
    source: 'all', template: '', ...Object.fromEntries(
      ['requests', 'answered', 'prompt_tokens', 'answer_tokens', 'tokens', 'micro_dollars']
        .map(key => [key, total(data.cost, key)])),
  }], [
    ['source', row => row.source],
    ['template', row => row.template, 'code'],
    ['requests', row => count(row.requests), 'number'],
    ['answered', row => percent(row.answered / row.requests), 'number'],
    ['tokens of prompts', row => count(row.prompt_tokens), 'number'],
    ['of answers', row => count(row.answer_tokens), 'number'],
    ['with lost attempts', row => count(row.tokens), 'number'],
    ['USD', row => (row.micro_dollars / 1e6).toFixed(4), 'number'],
  ]));
}

// ---- openings

function drawOpenings() {
  const box = section('openings', 'Openings',
    'The most common first eight words of each style. A model that has collapsed into a pattern begins always in the same way.');
  if (data.openings.length === 0) {
    box.append(element('p', {}, 'There is no rewrite.'));
    return;
  }
  box.append(table(data.openings, [
    ['style', row => row.kind],
    ['opening', row => row.opening],
    ['rewrites', row => count(row.answers), 'number'],
    ['of the style', row => percent(row.answers / row.all), 'number'],
  ]));
}

// ---- pairs

function drawPairs(id, title, about, key, groups) {
  const box = section(id, title, about);
  if (groups.length === 0) {
    box.append(element('p', {}, 'There is none.'));
    return;
  }
  const pager = element('div');
  box.append(labelled(key, select(groups.map(group => group[key]), name => {
    const group = groups.find(one => one[key] === name);
    pageThrough(pager, group.samples, sample => [
      facts([
        ...('measured' in sample ? [['measured', number(sample.measured)], ['limit', number(sample.limit)]] : []),
        ['template', sample.template], ['variant', sample.variant],
        ...(sample.originals > 0 ? [['parts kept as they were', sample.originals]] : []),
        ['source', sample.source], ['where', sample.location], ['of', count(group.answers)],
      ]),
      element('div', { class: 'pair' }, side('original', sample.original), side('rewrite', sample.rewrite)),
    ]);
  })), pager);
}

function side(title, text) {
  return element('div', {}, element('h3', {}, title), text
    ? element('div', {}, excerpt(text), element('p', { class: 'about' }, count(text.characters) + ' characters'))
    : element('p', {}, 'The document is not in the run any more.'));
}
