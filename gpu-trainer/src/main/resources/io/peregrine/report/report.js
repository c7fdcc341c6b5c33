// The sections of a run's report. The helpers are those of page.js.

header('What this run read, kept, dropped and trained, from the manifests and metrics it left.');
drawFunnel();
drawSources();
drawRejected();
drawTokens();
drawMixture();
drawTraining();
drawSample();
drawTime();
drawIdentities();
finish();

function drawFunnel() {
  const box = section('funnel', 'Documents, stage by stage',
    'Nothing is dropped without a reason: every dropped document is kept with its rule, the measured value and the limit.');
  const funnel = data.stages.filter(stage => 'out' in stage);
  if (funnel.length === 0) return;
  const first = funnel[0].in;
  const last = funnel[funnel.length - 1];
  tile(count(last.out), `of ${count(first)} documents left after ${words(last.name)}`);
  box.append(chart('Documents left after each stage', bars(funnel.map(stage => stage.stage),
    [{ label: 'documents', data: funnel.map(stage => stage.out) }])));
  box.append(table(funnel, [
    ['stage', stage => stage.stage],
    ['in', stage => count(stage.in), 'number'],
    ['out', stage => count(stage.out), 'number'],
    ['kept', stage => percent(stage.out / stage.in), 'number'],
    ['of all', stage => percent(stage.out / first), 'number'],
  ]));
  drawReasons(box, funnel.flatMap(stage => stage.reasons.map(reason => ({ stage, ...reason }))));
  for (const stage of funnel.filter(stage => stage.domains && stage.domains.length > 0)) {
    box.append(element('h3', {}, `${stage.stage}, by domain`), table(stage.domains, [
      ['domain', domain => domain.domain],
      ['in', domain => count(domain.in), 'number'],
      ['out', domain => count(domain.out), 'number'],
      ['kept', domain => percent(domain.out / domain.in), 'number'],
    ]));
  }
}

function drawReasons(box, reasons) {
  if (reasons.length === 0) {
    box.append(element('p', { class: 'about' }, 'No stage dropped a document.'));
    return;
  }
  const shown = [...reasons].sort((a, b) => b.count - a.count).slice(0, 15);
  box.append(chart('Why they were dropped: the most frequent reasons', bars(shown.map(reason => words(reason.name)),
    [{ label: 'documents', data: shown.map(reason => reason.count) }], { horizontal: true }), 60 + 24 * shown.length));
  box.append(table(reasons, [
    ['stage', reason => reason.stage.stage],
    ['reason', reason => reason.name, 'code'],
    ['documents', reason => count(reason.count), 'number'],
    ['of its input', reason => percent(reason.count / reason.stage.in, 2), 'number'],
  ]));
}

function drawSources() {
  const box = section('sources', 'Sources', 'Where the text came from, and under which licence as far as the run file says.');
  if (data.sources.length === 0) return;
  box.append(table(data.sources, [
    ['source', source => source.name],
    ['domain', source => source.domain],
    ['documents', source => count(source.documents), 'number'],
    ['licence', source => source.licence || 'not stated'],
    ['input', source => source.input, 'code'],
  ]));
}

function drawRejected() {
  const box = section('rejected', 'Rejected input',
    'Input that could not be read, by file and position. What stood around it was read all the same.');
  if (!data.rejected) return;
  const { total, rows } = data.rejected;
  box.append(element('p', {}, total === 0 ? 'Every input was read.'
    : rows.length < total ? `${count(total)} pieces; the first ${count(rows.length)}:` : `${count(total)} pieces:`));
  if (rows.length === 0) return;
  box.append(table(rows, [
    ['source', row => row.source],
    ['file', row => row.origin, 'code'],
    ['position', row => row.position],
    ['reason', row => row.reason],
    ['detail', row => row.detail],
  ]));
}

function drawTokens() {
  const box = section('tokens', 'Tokens',
    'Bytes per token says how well the tokenizer fits a stream; the unigram entropy is the loss of a model that knows '
    + 'only how often each token occurs.');
  if (data.tokens.length === 0) return;
  const all = data.tokens.find(stream => stream.total);
  tile(count(all.tokens), `tokens in ${count(all.documents)} documents, ${fixed(all.bytesPerToken, 2)} bytes each`);
  box.append(table(data.tokens, [
    ['stream', stream => stream.stream],
    ['documents', stream => count(stream.documents), 'number'],
    ['tokens', stream => count(stream.tokens), 'number'],
    ['text', stream => bytes(stream.bytes), 'number'],
    ['bytes/token', stream => fixed(stream.bytesPerToken, 2), 'number'],
    ['unigram entropy, nats', stream => fixed(stream.unigramEntropyNats), 'number'],
  ]));
}

function drawMixture() {
  const box = section('mixture', 'Mixture',
    'The share of the tokens that each stream was asked for, and the share that the plan delivers.');
  if (!data.mixture) return;
  const { streams, facts: about } = data.mixture;
  box.append(facts(about.map(fact => [fact.label, fact.value])));
  box.append(chart('Share of the tokens', bars(streams.map(stream => stream.name), [
    { label: 'asked for', data: streams.map(stream => stream.asked) },
    { label: 'delivered', data: streams.map(stream => stream.delivered) },
  ], { format: share => percent(share) })));
  box.append(table(streams, [
    ['stream', stream => stream.name],
    ['asked for', stream => percent(stream.asked, 2), 'number'],
    ['delivered', stream => percent(stream.delivered, 2), 'number'],
    ['gap', stream => percent(stream.delivered - stream.asked, 3), 'number'],
    ['sequences planned', stream => count(stream.planned), 'number'],
    ['of one epoch', stream => count(stream.sequences), 'number'],
    ['epochs', stream => fixed(stream.epochs, 2), 'number'],
    ['least gap between repeats', stream => (stream.gap ? count(stream.gap) + ' sequences' : 'no repeats'), 'number'],
    ['fill', stream => percent(stream.fill, 2), 'number'],
  ]));
}

function drawTraining() {
  const box = section('training', 'Training');
  const training = data.training;
  if (!training) return;
  const { steps, validation } = training;
  const lastStep = steps[steps.length - 1];
  tile(fixed(training.finalLoss),
    `nats per token, mean of the last ${count(training.finalSteps)} steps`
    + (Number.isFinite(training.unigramNats) ? `; unigram entropy ${fixed(training.unigramNats)}` : ''));
  tile(count(training.tokensPerSecond), 'tokens per second in training, median');
  box.append(facts(training.facts.map(fact => [fact.label, fact.value])));
  if (training.stepsPerPoint > 1) {
    box.append(element('p', { class: 'about' }, `Each point of the curves is the mean of ${training.stepsPerPoint} steps.`));
  }
  const range = { from: steps[0].step, to: lastStep.step };
  const points = key => steps.filter(step => Number.isFinite(step[key])).map(step => ({ x: step.step, y: step[key] }));
  const loss = [{ label: 'training loss', data: points('loss') }];
  if (Number.isFinite(training.unigramNats)) {
    loss.push({ label: 'unigram entropy of the tokens', borderDash: [6, 4],
      data: [range.from, range.to].map(x => ({ x, y: training.unigramNats })) });
  }
  if (validation.length > 0) {
    loss.push({ label: 'held-out loss', pointRadius: 3, clip: 4,
      data: validation.map(at => ({ x: at.step, y: at.loss })) });
  }
  if (training.spikes.length > 0) {
    loss.push({ label: 'spikes', showLine: false, pointRadius: 4, pointStyle: 'triangle', clip: 4,
      data: training.spikes.filter(at => Number.isFinite(at.loss)).map(at => ({ x: at.step, y: at.loss })) });
  }
  box.append(chart('Loss, nats per token', lines(loss, { ...range, unit: 'nats', format: y => fixed(y, 2) }), 360));
  const lastMeasured = validation[validation.length - 1];
  if (lastMeasured && lastMeasured.streams) {
    box.append(element('h3', {}, `Held-out loss by stream, after step ${count(lastMeasured.step)}`),
      table(Object.entries(lastMeasured.streams), [
        ['stream', ([stream]) => stream],
        ['nats per token', ([, nats]) => fixed(nats), 'number'],
      ]));
  }
  drawSpikes(box, training);
  const more = element('div', { class: 'charts' });
  for (const [key, label, unit, format] of [
    ['learning_rate', 'Learning rate', '', y => y.toExponential(1)],
    ['weight_decay', 'Weight decay', '', y => y.toExponential(1)],
    ['elr', 'Effective learning rate, √(rate · decay)', '', y => y.toExponential(1)],
    ['ewd', 'Effective weight decay, √(decay / rate)', '', y => fixed(y, 2)],
    ['sequences', 'Batch', 'sequences', count],
    ['gradient_norm', 'Gradient norm before clipping', '', y => fixed(y, 2)],
    ['parameter_norm', 'Norm of the parameters', '', y => fixed(y, 1)],
    ['tokens_per_second', 'Throughput', 'tokens/s', count],
    ['gflops', 'Arithmetic', 'GFLOP/s', count],
  ]) {
    if (points(key).length > 0) {
      more.append(chart(label, lines([{ label, data: points(key) }], { ...range, unit, format, fromZero: true }), 220));
    }
  }
  drawNorms(more, training.norms, range);
  box.append(more);
}

function drawSpikes(box, { spikes, rollbacks }) {
  if (spikes.length > 0) {
    box.append(element('h3', {}, 'Spikes of the loss'), table(spikes, [
      ['step', spike => count(spike.step), 'number'],
      ['high since', spike => count(spike.first_step), 'number'],
      ['loss', spike => fixed(spike.loss), 'number'],
      ['median before', spike => fixed(spike.median), 'number'],
      ['robust deviations above', spike => fixed(spike.deviations, 1), 'number'],
    ]));
  }
  if (rollbacks.length > 0) {
    box.append(element('h3', {}, 'Spikes that were gone back from'), table(rollbacks, [
      ['spike at step', back => count(back.spike_step), 'number'],
      ['loss', back => fixed(back.loss), 'number'],
      ['median before', back => fixed(back.median), 'number'],
      ['back to step', back => count(back.step), 'number'],
      ['skipped', back => `positions ${count(back.from_position)} to ${count(back.to_position - 1)}`],
    ]));
  }
}

function drawNorms(charts, norms, range) {
  if (norms.length === 0) return;
  const byKind = (label, value, title) => charts.append(chart(title, lines(
    Object.keys(norms[0].parameters).map(kind => ({ label: words(kind), pointRadius: norms.length < 3 ? 3 : 0,
      data: norms.map(at => ({ x: at.step, y: value(at, kind) })).filter(at => at.y > 0) })),
    { ...range, unit: label, format: y => y.toExponential(1), logY: true }), 320));
  byKind('norm', (at, kind) => at.parameters[kind], 'Norms of the parameters by kind');
  byKind('norm', (at, kind) => at.gradients[kind], 'Norms of the gradients by kind, before clipping');
  byKind('of the parameters', (at, kind) => at.updates[kind] / at.parameters[kind], 'Norms of the updates by kind, relative');
  charts.append(chart('Step sizes dt of the scan', lines([
    { label: 'largest', data: norms.map(at => ({ x: at.step, y: at.step_size_largest })) },
    { label: 'mean', data: norms.map(at => ({ x: at.step, y: at.step_size_mean })) },
  ], { ...range, unit: '', format: y => fixed(y, 2), fromZero: true }), 320));
}

function drawSample() {
  const box = section('sample', 'A sample',
    'What the trained model makes of a few beginnings. It is a small model: judge the curve, not the prose.');
  for (const { prompt, text } of data.samples) box.append(element('pre', {}, element('b', {}, prompt), text));
}

function drawTime() {
  const box = section('time', 'Time', 'Wall clock of each stage when it last ran; a stage whose inputs did not change is not run again.');
  if (data.stages.length === 0) return;
  tile(duration(data.stages.reduce((sum, stage) => sum + stage.seconds, 0)), 'in all stages together');
  box.append(chart('Seconds per stage', bars(data.stages.map(stage => stage.stage),
    [{ label: 'seconds', data: data.stages.map(stage => stage.seconds) }],
    { horizontal: true, format: seconds => count(seconds) }), 60 + 26 * data.stages.length));
  const counts = data.stages.flatMap(stage =>
    Object.entries(stage.counts).map(([name, value]) => ({ stage: stage.stage, name, value })));
  box.append(element('details', {}, element('summary', {}, `All ${counts.length} counts of the stages`), table(counts, [
    ['stage', row => row.stage],
    ['count', row => row.name, 'code'],
    ['', row => count(row.value), 'number'],
  ])));
}

function drawIdentities() {
  const box = section('identities', 'Identity of the data',
    'SHA-256 over content, not files: the same inputs, settings and seed give the same digests on any number of cores.');
  box.classList.add('long');
  const outputs = data.stages.flatMap(stage => stage.outputs);
  if (outputs.length === 0) return;
  box.append(table(outputs, [
    ['output', output => output.path, 'code'],
    ['version', output => (output.version < 0 ? 'file' : output.version), 'number'],
    ['rows', output => (output.version < 0 ? bytes(output.rows) : count(output.rows)), 'number'],
    ['payload digest', output => output.payloadDigest, 'code'],
  ]));
}
