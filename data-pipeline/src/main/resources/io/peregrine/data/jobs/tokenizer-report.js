// The sections of the page about tokenizers. The helpers are those of page.js.

const SHOWN = 24; // groups that a chart shows; the table has all

const tokenizers = data.tokenizers;
const first = tokenizers[0];
// Bytes of the groups are the same for every tokenizer.
const order = first.groups.map((group, i) => i).sort((a, b) => first.groups[b].bytes - first.groups[a].bytes);
const nameOf = i => `${first.groups[i].domain} · ${first.groups[i].language}`;
const largest = order.slice(0, SHOWN);

header('What the vocabularies of one training make of the same documents. More bytes per token make sequences shorter; '
  + 'they do not by themselves make models better.');
for (const tokenizer of tokenizers) tile(fixed(tokenizer.all.bytesPerToken, 2), `bytes per token with ${tokenizer.name}`);
drawSizes();
drawGroups();
drawParity();
finish();

function drawSizes() {
  const box = section('sizes', 'Vocabularies', 'All samples together. Digits and LaTeX: those that are a token by themselves.');
  box.append(table(tokenizers, [
    ['vocabulary', one => count(one.vocabSize), 'number'],
    ['bytes per token', one => fixed(one.all.bytesPerToken), 'number'],
    ['tokens per word', one => fixed(one.all.tokensPerWord), 'number'],
    ['words in one token', one => percent(one.all.singleTokenWords), 'number'],
    ['digits', one => percent(one.all.numbersAlone ?? NaN), 'number'],
    ['LaTeX commands', one => percent(one.all.commandsAlone ?? NaN), 'number'],
    ['MB/s, one thread', one => fixed(one.megabytesPerSecond, 1), 'number'],
  ]));
}

function drawGroups() {
  const box = section('groups', 'Domains and languages', order.length > SHOWN
    ? `The charts show the ${SHOWN} with most text of ${order.length}; the table has all.` : '');
  const set = measure => tokenizers.map(one => ({ label: one.name, data: largest.map(i => one.groups[i][measure]) }));
  const height = 60 + largest.length * (10 + 9 * tokenizers.length);
  box.append(chart('Bytes per token', bars(largest.map(nameOf), set('bytesPerToken'),
    { horizontal: true, format: value => fixed(value, 2) }), height));
  box.append(chart('Tokens per word', bars(largest.map(nameOf), set('tokensPerWord'),
    { horizontal: true, format: value => fixed(value, 2) }), height));
  box.append(table(order, [
    ['domain', i => first.groups[i].domain, 'code'],
    ['language', i => first.groups[i].language, 'code'],
    ['documents', i => count(first.groups[i].documents), 'number'],
    ['bytes', i => bytes(first.groups[i].bytes), 'number'],
    ...tokenizers.map(one => [`B/token ${one.name}`, i => fixed(one.groups[i].bytesPerToken, 2), 'number']),
    ...tokenizers.map(one => [`tok/word ${one.name}`, i => fixed(one.groups[i].tokensPerWord ?? NaN, 2), 'number']),
    ['tokens/letter', i => fixed(last().groups[i].tokensPerLetter ?? NaN, 2), 'number'],
    ['whole words', i => percent(last().groups[i].singleTokenWords ?? NaN), 'number'],
    ['digits', i => percent(last().groups[i].numbersAlone ?? NaN), 'number'],
    ['LaTeX', i => percent(last().groups[i].commandsAlone ?? NaN), 'number'],
  ]));
  box.append(element('p', { class: 'about' }, `The last four columns are those of ${last().name}. Where words are not `
    + 'written apart, as in Chinese, Japanese or Thai, tokens per letter say more than tokens per word.'));
}

function last() {
  return tokenizers[tokenizers.length - 1];
}

function drawParity() {
  const languages = Object.keys(last().parity).filter(language => language !== 'en')
    .sort((a, b) => last().parity[a] - last().parity[b]);
  if (languages.length === 0) return;
  const box = section('parity', 'Parity', 'Tokens of a text over tokens of its English version: 2 means that the same content '
    + 'takes twice as many.');
  box.append(chart('Tokens over those of English', bars(languages, tokenizers.map(one => ({
    label: one.name, data: languages.map(language => one.parity[language]),
  })), { horizontal: true, format: value => fixed(value, 2) }), 60 + languages.length * (10 + 9 * tokenizers.length)));
}
