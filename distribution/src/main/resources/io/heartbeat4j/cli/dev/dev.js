'use strict';
// The page of 'heartbeat dev'. It reads one stream of events and the board's state; what a worker wrote is only ever text.

const MOST_RUNS = 50;
const MOST_REQUESTS = 300;
const MOST_LINES = 500;

const runs = new Map();
let requests = [];
let lines = [];
let happened = [];
let board = {issues: [], approvals: [], agent: {}};
let chosen = null;
let detail = null;

const at = id => document.getElementById(id);
const time = iso => new Date(iso).toLocaleTimeString([], {hour12: false});

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const pairs = facts => Object.entries(facts).filter(([, value]) => value !== undefined && value !== null && value !== '')
  .map(([name, value]) => make('div', {}, make('dt', {textContent: name}), make('dd', {textContent: value})));

function button(words, action) {
  const made = make('button', {type: 'button', textContent: words});
  made.addEventListener('click', () => act(made, action));
  return made;
}

/** Runs an action once at a time, and shows why it failed. */
async function act(control, action) {
  control.disabled = true;
  try {
    await action();
    at('error').hidden = true;
  } catch (failure) {
    at('error').textContent = failure.message;
    at('error').hidden = false;
  } finally {
    control.disabled = false;
    refreshSoon();
  }
}

async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {method: 'POST',
    headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error || 'status ' + answer.status);
  return json;
}

// ---- the board's state

let refreshing = null;
let again = false;

/** Asks for the board's state, at once and a second later, since the server acts by timers too. */
function refreshSoon() {
  again = true;
  if (refreshing === null) refreshing = setTimeout(refresh, 100);
}

async function refresh() {
  const last = !again;
  again = false;
  try {
    board = await ask('/board');
    const issue = chosen;
    const read = issue === null ? null : await ask('/board/issues/' + encodeURIComponent(issue));
    if (issue === chosen) detail = read;
    drawBoard();
  } catch (failure) {
    at('link').textContent = 'the session does not answer';
  }
  refreshing = again || !last ? setTimeout(refresh, again ? 150 : 1000) : null;
}

function choose(issue) {
  chosen = issue;
  detail = null;
  refreshSoon();
  drawBoard();
}

function drawBoard() {
  const agent = board.agent;
  at('agent').textContent = agent.name === undefined ? '' : 'agent ' + agent.name + ': ' + agent.status
    + (agent.pauseReason ? ' (' + agent.pauseReason + ')' : '') + ', spent ' + money(agent.spentMonthlyCents)
    + (agent.budgetMonthlyCents ? ' of ' + money(agent.budgetMonthlyCents) : '');
  at('issues').replaceChildren(...board.issues.map(issueItem));
  const pending = board.approvals.filter(approval => approval.status === 'pending');
  at('approvals-section').hidden = pending.length === 0;
  redraw(at('approvals'), pending, approvalItem);
  drawIssue();
}

const money = cents => '$' + ((cents || 0) / 100).toFixed(2);

function issueItem(issue) {
  const item = make('button', {type: 'button', onclick: () => choose(issue.id)},
    make('span', {textContent: issue.identifier + ' ' + issue.title + ' '}),
    make('span', {className: 'status ' + issue.status, textContent: issue.status}));
  item.setAttribute('aria-current', String(issue.id === chosen));
  return make('li', {}, item);
}

/** Keeps the items that are the same, so that what is being typed into one stays. */
function redraw(list, items, draw) {
  const before = new Map([...list.children].map(child => [child.dataset.state, child]));
  list.replaceChildren(...items.map(item => {
    const state = JSON.stringify(item);
    const element = before.get(state) || draw(item);
    element.dataset.state = state;
    return element;
  }));
}

function approvalItem(approval) {
  const note = make('input', {autocomplete: 'off'});
  const decide = decision => () => ask('/board/approvals/' + approval.id + '/' + decision, {note: note.value});
  return make('li', {className: 'card'},
    make('b', {textContent: approval.payload.title || approval.type}),
    make('p', {className: 'text', textContent: approval.payload.summary || approval.payload.description || ''}),
    make('label', {}, 'Note', note),
    make('p', {className: 'buttons'}, button('Approve', decide('approve')), button('Reject', decide('reject'))));
}

function drawIssue() {
  at('issue').hidden = detail === null;
  if (detail === null) return;
  const {issue, comments, cards, holds, documents, subtasks, costs} = detail;
  const post = (act, body = {}) => ask('/board/issues/' + issue.id + '/' + act, body);
  at('issue-title').textContent = issue.identifier + ' ' + issue.title;
  at('facts').replaceChildren(...pairs({
    status: issue.status,
    'wakes again': issue.monitorNextCheckAt ? time(issue.monitorNextCheckAt) : '',
    'blocked by': (issue.blockedBy || []).map(other => other.identifier + ' (' + other.status + ')').join(', '),
    'of': issue.parentId ? nameOf(issue.parentId) : '',
    cost: costs.length === 0 ? '' : money(costs.reduce((sum, cost) => sum + cost.costCents, 0)) + ', '
      + costs.reduce((sum, cost) => sum + cost.inputTokens + cost.outputTokens, 0) + ' tokens',
    subtasks: subtasks.map(task => task.identifier + ' ' + task.title + ' (' + task.status + ')').join('\n'),
  }));
  at('text').textContent = issue.description || '';
  const held = holds.some(hold => hold.status === 'active' || hold.active === true);
  const actions = [held ? button('Release the hold', () => post('release'))
    : button('Hold', () => post('hold', {reason: 'held on the page of heartbeat dev'}))];
  if (issue.executionBlocker) actions.push(button('Nothing was done: go on', () => post('resolve')));
  at('issue-actions').replaceChildren(...actions);
  redraw(at('cards'), cards, card => cardItem(card, post));
  redraw(at('comments'), comments, comment => make('li', {},
    make('small', {textContent: time(comment.createdAt) + ' ' + comment.authorType}),
    make('p', {textContent: comment.body})));
  redraw(at('documents'), documents, document => documentItem(issue, document));
}

const nameOf = id => (board.issues.find(issue => issue.id === id) || {identifier: id}).identifier;

function documentItem(issue, document) {
  const item = make('details', {}, make('summary', {textContent: 'Document ' + document.key + ': ' + (document.title || '')}));
  item.addEventListener('toggle', async () => {
    if (item.open && item.childElementCount === 1) {
      const read = await ask('/board/issues/' + issue.id + '/documents/' + encodeURIComponent(document.key));
      item.append(make('pre', {textContent: read.body}));
    }
  });
  return item;
}

function cardItem(card, post) {
  const path = 'cards/' + card.id + '/';
  const payload = card.payload || {};
  const item = make('div', {className: 'card'},
    make('b', {textContent: 'Card: ' + card.kind.replaceAll('_', ' ') + ' (' + card.status + ')'}),
    make('p', {className: 'text', textContent: payload.prompt || payload.title || ''}));
  if (payload.details || payload.detailsMarkdown) {
    item.append(make('p', {className: 'text', textContent: payload.details || payload.detailsMarkdown}));
  }
  if (card.status !== 'pending') {
    if (card.result) item.append(make('pre', {textContent: JSON.stringify(card.result, null, 2)}));
    return item;
  }
  if (Array.isArray(payload.questions)) {
    item.append(...questions(card, payload.questions, answers => post(path + 'respond', {answers})));
    return item;
  }
  const reason = make('input', {autocomplete: 'off'});
  item.append(make('label', {}, 'Text with a no', reason), make('p', {className: 'buttons'},
    button('Accept', () => post(path + 'accept')),
    button('Reject', () => post(path + 'reject', {reason: reason.value}))));
  return item;
}

function questions(card, asked, answer) {
  const fields = asked.map(question => {
    const multi = question.selectionMode === 'multi';
    const set = make('fieldset', {}, make('legend', {textContent: question.prompt}));
    for (const option of question.options || []) {
      const box = make('input', {type: multi ? 'checkbox' : 'radio', name: card.id + question.id, value: option.id});
      set.append(make('label', {}, box, ' ' + option.label), make('br'));
    }
    return set;
  });
  return [...fields, make('p', {className: 'buttons'}, button('Answer', () => answer(asked.map((question, i) => ({
    questionId: question.id,
    optionIds: [...fields[i].querySelectorAll('input:checked')].map(box => box.value),
  })))))];
}

// ---- the stream of events

let drawn = false;

function take(event) {
  const run = runs.get(event.run);
  if (event.type === 'state') {
    runs.clear();
    requests = [];
    lines = [];
    happened = [];
    event.events.forEach(take);
  } else if (event.type === 'run') {
    runs.set(event.run, {...event, steps: []});
    [...runs.keys()].slice(0, -MOST_RUNS).forEach(old => runs.delete(old));
  } else if (event.type === 'end' && run) {
    Object.assign(run, {phase: event.phase, text: event.text, ended: event.at});
  } else if (event.type === 'step' && run) {
    run.steps.push(event);
    if (event.issue) run.label = event.issue;
  } else if (event.type === 'request') {
    requests = [...requests, event].slice(-MOST_REQUESTS);
  } else if (event.type === 'log') {
    lines = [...lines, event].slice(-MOST_LINES);
  } else if (event.type === 'fault') {
    happened = [...happened, event].slice(-5);
  } else if (event.type === 'worker') {
    at('worker').textContent = 'worker ' + event.worker + ', load ' + event.load;
    at('problem').hidden = event.problem === '';
    at('problem').textContent = 'Not loaded, the worker of before goes on: ' + event.problem;
  }
  if (event.type !== 'log') refreshSoon();
  if (!drawn) {
    drawn = true;
    requestAnimationFrame(() => { drawn = false; drawEvents(); });
  }
}

function drawEvents() {
  at('quiet').hidden = runs.size > 0;
  redraw(at('runs'), [...runs.values()].reverse(), runItem);
  redraw(at('happened'), happened, event => make('li', {textContent: time(event.at) + ' ' + event.text}));
  follow(at('requests'), () => redraw(at('requests'), requests, requestItem));
  follow(at('log'), () => redraw(at('log'), lines, line => make('li', {textContent: line.text})));
}

/** Stays at the end of a list whose end is seen. */
function follow(list, draw) {
  const atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 40;
  draw();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function runItem(run) {
  const head = make('div', {},
    make('b', {textContent: run.label || (run.issue ? nameOf(run.issue) : 'no issue')}), ' ',
    make('small', {textContent: time(run.at) + ', ' + run.reason + ', load ' + run.load + ' '}),
    make('span', {className: 'status ' + run.phase, textContent: run.phase}), ' ');
  if (run.phase === 'running') {
    const kill = button('Kill', () => ask('/runs/' + run.run + '/kill', {}));
    kill.setAttribute('aria-label', 'Kill the run of ' + (run.label || 'no issue'));
    head.append(kill);
  }
  return make('li', {}, head,
    make('ol', {}, ...run.steps.map(step => make('li', {className: step.kind === 'done' ? '' : step.kind},
      make('time', {textContent: time(step.at), dateTime: step.at}),
      make('span', {textContent: (step.kind === 'progress' ? '  ' : step.step + ' ' + step.name + ': ') + step.text})))),
    make('p', {className: 'text ' + run.phase, textContent: run.text || ''}));
}

function requestItem(request) {
  const item = make('details', {}, make('summary', {textContent: time(request.at) + ' ' + request.method + ' '
    + request.target + ' ' + (request.status === 0 ? 'no answer' : request.status)}));
  item.addEventListener('toggle', () => {
    if (item.open && item.childElementCount === 1) {
      item.append(make('small', {textContent: 'run ' + request.run}));
      if (request.body) item.append(make('pre', {textContent: pretty(request.body)}));
      item.append(make('pre', {textContent: pretty(request.answer)}));
    }
  });
  return make('li', {}, item);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (cut) {
    return text;
  }
}

const events = new EventSource('/events');
events.addEventListener('open', () => {
  at('link').textContent = 'live';
  refreshSoon();
});
events.addEventListener('error', () => { at('link').textContent = 'the session has ended, or does not answer'; });
events.addEventListener('message', message => take(JSON.parse(message.data)));

document.querySelectorAll('[data-post]').forEach(each =>
  each.addEventListener('click', () => act(each, () => ask(each.dataset.post, {}))));

at('new').addEventListener('submit', event => {
  event.preventDefault();
  act(event.submitter, async () => {
    const issue = await ask('/board/issues', {title: at('title').value, description: at('description').value});
    at('new').reset();
    choose(issue.id);
  });
});

at('comment').addEventListener('submit', event => {
  event.preventDefault();
  act(event.submitter, async () => {
    await ask('/board/issues/' + chosen + '/comments', {body: at('body').value});
    at('comment').reset();
  });
});
