// The sections of the page about a run's documents. The helpers are those of page.js.

header('What was read, what was dropped and why, and what is left. Every dropped document is kept with its rule, the '
  + 'measured value and the limit.');
const ROWS_SHOWN = 40; // of a table that may be long; the others open on demand
drawFunnel();
drawFlow();
drawReasons();
drawLeft();
drawSignals();
drawLengths();
drawHosts();
drawDuplicates();
drawContamination();
drawRejected();
finish();

function sum(rows, key) {
  return rows.reduce((total, row) => total + (row[key] || 0), 0);
}

// ---- the funnel

function drawFunnel() {
  const box = section('funnel', 'Stage by stage', 'A stage that was not run is not shown.');
  // Repositories are made of documents that go on by themselves too: no part of the funnel.
  const stages = data.stages.filter(stage => stage.stage !== '37-repositories').map(stage => {
    const ingested = 'documents' in stage.counts;
    return {
      stage: stage.stage, seconds: stage.seconds,
      in: ingested ? stage.counts.documents + sumOf(stage.counts, 'rejected.') : stage.counts.in,
      out: ingested ? stage.counts.documents : stage.counts.out,
    };
  }).filter(stage => stage.out !== undefined);
  const first = stages[0];
  const last = stages[stages.length - 1];
  tile(count(last.out), `of ${count(first.in)} documents left after ${last.stage}`);
  const rejected = first.in - first.out;
  if (rejected > 0) tile(count(rejected), 'pieces of input that could not be read');
  box.append(chart('Documents left after each stage', bars(stages.map(stage => stage.stage),
    [{ label: 'documents', data: stages.map(stage => stage.out) }])));
  box.append(table(stages, [
    ['stage', stage => stage.stage],
    ['in', stage => count(stage.in), 'number'],
    ['out', stage => count(stage.out), 'number'],
    ['kept', stage => percent(stage.out / stage.in), 'number'],
    ['of all', stage => percent(stage.out / first.in), 'number'],
    ['time', stage => duration(stage.seconds), 'number'],
    ['documents/s', stage => count(stage.in / stage.seconds), 'number'],
  ]));
  const packed = data.stages.find(stage => stage.stage === '37-repositories');
  if (packed && packed.counts.in > 0) {
    box.append(element('p', { class: 'about' }, `${packed.stage}: ${count(packed.counts.packed)} of ${
      count(packed.counts.in)} source files were also joined into ${count(packed.counts.out)} documents of whole `
      + `repositories, in ${duration(packed.seconds)}.`));
  }
}

function sumOf(counts, prefix) {
  return Object.entries(counts).filter(([name]) => name.startsWith(prefix)).reduce((total, [, n]) => total + n, 0);
}

// ---- by source, domain, language

function drawFlow() {
  const tables = [...new Set(data.flow.map(row => row.table))];
  const counted = data.flow.some(row => 'tokens' in row);
  const box = section('flow', 'By source and language', `Documents and bytes of text ${
    tables.length > 1 ? 'after each stage that may change or drop them' : 'as they were read'}${
    counted ? '; tokens of what the tokens stage encoded, with what was made of it (repositories, rewrites)' : ''}.`);
  if (tables.length === 0) {
    box.append(element('p', {}, 'There is no document.'));
    return;
  }
  const shown = element('div');
  const texts = tables.filter(name => name !== 'tokenized');
  const last = texts[texts.length - 1];
  const choice = select(['source', 'domain', 'language'], key => {
    const groups = [...new Set(data.flow.map(row => row[key]))];
    const rows = groups.map(group => {
      const own = data.flow.filter(row => row[key] === group);
      return Object.fromEntries([['group', group], ...tables.map(name => {
        const part = own.filter(row => row.table === name);
        return [name, { documents: sum(part, 'documents'), bytes: sum(part, 'bytes'), tokens: sum(part, 'tokens') }];
      })]);
    }).sort((a, b) => b[tables[0]].bytes - a[tables[0]].bytes);
    const columns = [
      [key, row => row.group],
      ...tables.flatMap(name => [
        [name, row => count(row[name].documents), 'number'],
        ['text', row => bytes(row[name].bytes), 'number'],
        ...(counted && name === 'tokenized' ? [
          ['tokens', row => count(row[name].tokens), 'number'],
          ['bytes/token', row => fixed(row[name].bytes / row[name].tokens, 2), 'number'],
        ] : []),
      ]),
      ...(texts.length > 1 ? [['left', row => percent(row[last].documents / row[texts[0]].documents), 'number']] : []),
    ];
    shown.replaceChildren(table(rows.slice(0, ROWS_SHOWN), columns));
    if (rows.length > ROWS_SHOWN) {
      shown.append(element('details', {},
        element('summary', {}, `${count(rows.length - ROWS_SHOWN)} more, with less text`),
        table(rows.slice(ROWS_SHOWN), columns)));
    }
  });
  box.append(labelled('by', choice), shown);
  tile(bytes(sum(data.flow.filter(row => row.table === last), 'bytes')), `of text ${last}`);
  if (counted) tile(count(sum(data.flow, 'tokens')), 'tokens');
}

// ---- reasons and samples

function drawReasons() {
  const box = section('reasons', 'Why documents were dropped',
    'The first rule that a document breaks, in the order in which the rules decide.');
  if (!data.reasons) return;
  if (data.reasons.length === 0) {
    box.append(element('p', {}, 'No document was dropped.'));
    return;
  }
  const shown = element('div');
  const groups = [['all documents', () => true], ...['domain', 'source', 'language'].flatMap(key =>
    [...new Set(data.drops.map(row => row[key]))].sort().map(name => [`${key} ${name}`, row => row[key] === name]))];
  box.append(labelled('of', select(groups.map(([name]) => name), name => redraw('reasons', shown, () => {
    const of = groups.find(([group]) => group === name)[1];
    const own = data.drops.filter(of);
    const read = sum(data.flow.filter(row => row.table === 'measured' && of(row)), 'documents');
    const rows = data.reasons.map(reason => ({
      ...reason, documents: sum(own.filter(row => row.reason === reason.reason), 'documents'),
    })).filter(reason => reason.documents > 0);
    const most = [...rows].sort((a, b) => b.documents - a.documents).slice(0, 20);
    return [
      chart('The most frequent reasons', bars(most.map(reason => words(reason.reason)),
        [{ label: 'documents', data: most.map(reason => reason.documents) }], { horizontal: true }),
      60 + 24 * most.length),
      table(rows, [
        ['family', reason => reason.filter],
        ['reason', reason => reason.reason, 'code'],
        ['documents', reason => count(reason.documents), 'number'],
        ['of those measured', reason => percent(reason.documents / read), 'number'],
      ]),
    ];
  }))), shown);
  const pager = element('div');
  box.append(element('h3', {}, 'Dropped documents'),
    labelled('reason', select(data.reasons.map(reason => reason.reason), name =>
      pageThrough(pager, data.reasons.find(reason => reason.reason === name).samples, (sample, place) => [
        facts([
          ['measured', number(sample.measured)], ['limit', number(sample.limit)], ['language', sample.language],
          ['source', sample.source], ['where', where(sample)], ['length', count(sample.characters) + ' characters'],
        ]),
        excerpt(sample),
      ]))),
    pager);
}

// ---- what is left

function drawLeft() {
  const box = section('left', 'Documents that are left', 'Some of what goes on to tokens, by source.');
  if (!data.left || data.left.length === 0) {
    box.append(element('p', {}, 'No document is left.'));
    return;
  }
  const pager = element('div');
  box.append(labelled('source', select(data.left.map(source => source.source), name =>
    pageThrough(pager, data.left.find(source => source.source === name).samples, sample => [
      facts([['language', sample.language], ['licence', sample.licence], ['where', where(sample)],
        ['length', count(sample.characters) + ' characters']]),
      excerpt(sample),
    ]))), pager);
  box.append(element('h3', {}, 'Licences'), table(data.licences, [
    ['domain', row => row.domain],
    ['licence', row => row.licence],
    ['documents', row => count(row.documents), 'number'],
    ['text', row => bytes(row.bytes), 'number'],
  ]));
}

// The file of a repository is found with its repository, any other text by its address or path.
function where(sample) {
  return (sample.repository ? sample.repository + ' ' : '') + sample.location;
}

// ---- measured values

function drawSignals() {
  const box = section('signals', 'What was measured',
    'How each value is spread over the documents of a rule set, with the limits of the run. Bars of the second colour '
    + 'are beyond a usual limit; a rule that decides earlier may have dropped the document already.');
  if (!data.signals) return;
  if (data.signals.length === 0) {
    box.append(element('p', {}, 'The rule sets of this run measured nothing.'));
    return;
  }
  const shown = element('div', { class: 'charts' });
  const sets = [...new Set(data.signals.map(signal => signal.set))];
  box.append(labelled('rule set', select(sets, set =>
    redraw('signals', shown, () => {
      const own = data.signals.filter(one => one.set === set);
      const decides = one => one.limits.length > 0;
      return [...own.filter(decides), ...own.filter(one => !decides(one))].map(histogram);
    }))), shown);
}

// Draws a part of the page again whose charts depend on a choice; the other charts stay as they are.
function redraw(part, box, make) {
  for (let i = charts.length - 1; i >= 0; i--) {
    if (charts[i].part === part) {
      if (charts[i].chart) charts[i].chart.destroy();
      charts.splice(i, 1);
    }
  }
  const before = charts.length;
  box.replaceChildren(...make());
  const made = charts.slice(before);
  for (const one of made) one.part = part;
  if (finished) draw(made);
}

function histogram(signal) {
  const share = signal.unit === '0..1';
  const label = bin => number(bin.from);
  const bad = bin => signal.limits.some(limit =>
    limit.side === '<=' ? bin.from > limit.limit : bin.to <= limit.limit && bin.from < limit.limit);
  const bins = share ? filled(signal.bins) : signal.bins;
  const drawn = chart(words(signal.signal), bars(bins.map(label), [{
    label: 'documents', data: bins.map(bin => bin.documents), categoryPercentage: 1, barPercentage: 0.95,
    colours: colours => bins.map(bin => colours.series[bad(bin) ? 1 : 0]),
  }], { skipLabels: true }), 170);
  const limits = signal.limits.map(limit => `${limit.reason}: ${limit.side} ${number(limit.limit)}${
    limit.languages > 0 ? ` (${count(limit.languages)} languages have limits of their own)` : ''}`).join('; ');
  drawn.append(element('p', { class: 'about' }, `${signal.doc} (${signal.unit})${limits ? '. Kept if ' + limits : ''}`));
  return drawn;
}

// Shares have bins of one width: those in between that nobody is in are drawn too.
function filled(bins) {
  const all = [];
  for (const bin of bins) {
    const last = all[all.length - 1];
    for (let from = last ? last.to : bin.from; from < bin.from - 1e-9; from += 0.02) {
      all.push({ from, to: from + 0.02, documents: 0 });
    }
    all.push(bin);
  }
  return all;
}

// ---- lengths, hosts

function drawLengths() {
  const box = section('lengths', 'Lengths', 'Characters per document, each bar twice the one before.');
  const tables = Object.keys(data.lengths);
  if (tables.every(name => data.lengths[name].length === 0)) {
    box.append(element('p', {}, 'There is no text.'));
    return;
  }
  const bins = [...new Set(tables.flatMap(name => data.lengths[name].map(bin => bin.bin)))].sort((a, b) => a - b);
  box.append(chart('Documents by length', bars(bins.map(bin => count(2 ** bin)), tables.map(name => ({
    label: name,
    data: bins.map(bin => (data.lengths[name].find(one => one.bin === bin) || { documents: 0 }).documents),
  })))));
}

function drawHosts() {
  const box = section('hosts', 'Hosts', 'Where most of the pages come from, and how many of them the filters kept.');
  if (!data.hosts) return;
  if (data.hosts.length === 0) {
    box.append(element('p', {}, 'No document has an address on the web.'));
    return;
  }
  box.append(table(data.hosts, [
    ['host', host => host.host, 'code'],
    ['documents', host => count(host.documents), 'number'],
    ['kept', host => count(host.kept), 'number'],
    ['share', host => percent(host.kept / host.documents), 'number'],
  ]));
}

// ---- duplicates, rejected input

function drawDuplicates() {
  const box = section('duplicates', 'Duplicates', 'Copies, and texts that share most of their word 5-grams.');
  if (!data.duplicates) return;
  const { kinds, similarities, clusters } = data.duplicates;
  if (kinds.length === 0) {
    box.append(element('p', {}, 'There is no duplicate.'));
    return;
  }
  box.append(table(kinds, [
    ['kind', row => row.kind],
    ['source', row => row.source],
    ['documents', row => count(row.documents), 'number'],
  ]));
  if (similarities.length > 0) {
    box.append(chart('Near duplicates by estimated similarity to the document kept',
      bars(similarities.map(bin => fixed(bin.from, 2)),
        [{ label: 'documents', data: similarities.map(bin => bin.documents) }]), 200));
  }
  if (clusters.length > 0) {
    const pager = element('div');
    box.append(element('h3', {}, 'The largest clusters'), pager);
    pageThrough(pager, clusters, cluster => [
      facts([['documents', count(cluster.size)], ['removed', count(cluster.removed)],
        ['least similarity', fixed(cluster.similarity, 3)], ['id kept', cluster.cluster]]),
      element('div', { class: 'excerpt' }, element('pre', { dir: 'auto' }, cluster.text)),
    ]);
  }
}

// ---- evaluation texts

function drawContamination() {
  const box = section('contamination', 'Evaluation texts',
    'Documents that share a run of words with an item of an evaluation set, by the worst set and item of each.');
  if (!data.contamination) return;
  box.append(table(data.contamination, [
    ['set', set => set.set],
    ['items', set => count(set.items), 'number'],
    ['too short to find', set => count(set.uncovered), 'number'],
    ['found', set => count(set.touched), 'number'],
    ['share', set => percent(set.touched / set.items), 'number'],
    ['in documents', set => count(set.documents), 'number'],
    ['below the least share', set => count(set.below_share), 'number'],
  ]));
  const found = data.contamination.filter(set => set.samples.length > 0);
  if (found.length === 0) {
    box.append(element('p', {}, 'No document repeats an evaluation text.'));
    return;
  }
  const pager = element('div');
  box.append(element('h3', {}, 'Contaminated documents'),
    labelled('set', select(found.map(set => set.set), name =>
      pageThrough(pager, found.find(set => set.set === name).samples, sample => [
        facts([
          ['item', sample.item], ['shared words', sample.ngram], ['places', count(sample.hits)],
          ['of the item', percent(sample.item_share)], ['of the document', percent(sample.document_share)],
          ['what happened', sample.action === 'mask' ? 'the words were masked' : 'the document was dropped'],
          ['source', sample.source], ['where', where(sample)], ['length', count(sample.characters) + ' characters'],
        ]),
        excerpt(sample),
      ]))),
    pager);
}

function drawRejected() {
  const box = section('rejected', 'Rejected input',
    'Input that could not be read, by file and position. What stood around it was read all the same.');
  if (!data.rejected || data.rejected.length === 0) {
    box.append(element('p', {}, 'Every input was read.'));
    return;
  }
  for (const reason of data.rejected) {
    box.append(element('h3', {}, `${words(reason.reason)}: ${count(reason.pieces)}`), table(reason.samples, [
      ['source', row => row.source],
      ['file', row => row.origin, 'code'],
      ['position', row => row.position],
      ['detail', row => row.detail],
    ]));
  }
}
