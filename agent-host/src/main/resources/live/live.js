'use strict';
// The host's live page: one stream of JSON events, the state first, then every change. No library, no build.

const STEPS = ['Identity', 'Approval Follow-up', 'Get Assignments', 'Pick Work', 'Checkout', 'Understand Context',
  'Do the Work', 'Update Status', 'Delegate'];
const RANK = {skipped: 1, progress: 2, done: 3, handing_over: 4, refused: 5, conflict: 6, failed: 7};
const MOST = 80;

const agents = new Map();
const runs = new Map();
let open = null;
let drawn = false;
let more = 0;
let down = [];

const at = id => document.getElementById(id);

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const time = iso => iso ? new Date(iso).toLocaleTimeString([], {hour12: false}) : '';
const isLive = run => run.phase === 'queued' || run.phase === 'running';
const isIdle = run => run.phase === 'completed' && !run.output;
const newestFirst = () => [...runs.values()].sort((a, b) => isLive(b) - isLive(a) || b.accepted.localeCompare(a.accepted));

function take(event) {
  const run = runs.get(event.run);
  if (event.type === 'state') {
    agents.clear();
    runs.clear();
    more = event.more;
    down = event.down;
    event.agents.forEach(agent => agents.set(agent.name, agent));
    event.runs.forEach(each => runs.set(each.run, each));
  } else if (event.type === 'servers') {
    down = event.down;
  } else if (event.type === 'run') {
    runs.set(event.value.run, event.value);
    newestFirst().slice(MOST).forEach(old => runs.delete(old.run));
  } else if (event.type === 'step' && run) {
    run.steps.push(event.value);
    if (event.value.issue) run.label = event.value.issue;
  } else if (event.type === 'change' && run) {
    Object.assign(run, event.value);
  }
  if (!drawn) {
    drawn = true;
    requestAnimationFrame(() => { drawn = false; draw(); });
  }
}

function draw() {
  totals();
  at('down').hidden = down.length === 0;
  at('down').textContent = 'No answer for a minute from ' + down.join(' and ')
    + '. Running work goes on; its results are written when the server is back.';
  at('agents').replaceChildren(...[...agents.values()].map(agentItem));
  at('more').hidden = more === 0;
  at('more').textContent = 'and ' + more.toLocaleString() + ' more, which had nothing to do when this was loaded';
  at('runs').replaceChildren(...newestFirst().map(runItem));
  at('quiet').hidden = runs.size > 0;
  detail();
}

function totals() {
  const all = [...runs.values()];
  const sum = pick => all.reduce((total, run) => total + (pick(run) || 0), 0);
  const facts = {
    running: all.filter(run => run.phase === 'running').length,
    waiting: all.filter(run => run.phase === 'queued').length,
    settled: all.filter(run => run.phase === 'completed' && run.output).length,
    idle: all.filter(isIdle).length,
    failed: all.filter(run => run.phase === 'failed').length,
    conflicts: sum(run => run.steps.filter(step => step.kind === 'conflict').length),
    tokens: sum(run => run.tokens).toLocaleString(),
    cost: '$' + sum(run => Number(run.cost)).toFixed(2),
  };
  at('totals').replaceChildren(...pairs(facts));
}

const pairs = facts => Object.entries(facts).filter(([, value]) => value !== undefined && value !== null && value !== '')
  .map(([name, value]) => make('div', {}, make('dt', {textContent: name}), make('dd', {textContent: value})));

function agentItem(agent) {
  const own = newestFirst().filter(run => run.agent === agent.name);
  const now = own.find(run => run.phase === 'running') || own.find(isLive);
  const act = agent.paused ? 'resume' : 'pause';
  const button = make('button', {type: 'button', textContent: act === 'pause' ? 'Pause' : 'Resume',
    onclick: () => pause(agent, act)});
  button.setAttribute('aria-label', button.textContent + ' ' + agent.name);
  return make('li', {className: (now ? 'busy ' : '') + (agent.problem ? 'broken ' : '') + (agent.paused ? 'paused' : '')},
    make('b', {textContent: agent.name, title: agent.worker}), button,
    make('p', {textContent: agent.problem ? agent.problem : agent.paused ? 'paused on this host' : now ? doing(now) : own.length ? 'resting' : 'not woken yet'}));
}

function doing(run) {
  const last = run.steps[run.steps.length - 1];
  return (run.label || run.issue || 'no issue') + ': '
    + (run.phase === 'queued' ? 'waits for its turn' : last ? last.step + ' ' + last.name : 'begins');
}

function runItem(run) {
  const last = run.steps[run.steps.length - 1];
  const button = make('button', {type: 'button', onclick: () => { open = open === run.run ? null : run.run; draw(); }},
    make('span', {className: 'head'},
      make('b', {textContent: run.label || run.issue || 'no issue'}),
      make('span', {textContent: run.agent}),
      make('small', {textContent: time(run.accepted) + ' · ' + run.reason}),
      make('span', {className: 'phase ' + run.phase, textContent: isIdle(run) ? 'idle' : run.phase})),
    timeline(run),
    make('span', {className: 'last', textContent: run.error || run.output || (last ? last.text : '')}));
  button.setAttribute('aria-current', String(open === run.run));
  return make('li', {}, button);
}

/** The nine steps; each shows the weightiest thing that happened in it. */
function timeline(run) {
  const kinds = new Array(STEPS.length).fill('');
  for (const step of run.steps) {
    const before = kinds[step.step - 1];
    if ((RANK[step.kind] || 0) >= (RANK[before] || 0)) kinds[step.step - 1] = step.kind;
  }
  return make('span', {className: 'steps'}, ...kinds.map((kind, i) => make('span', {
    className: kind, textContent: i + 1, title: (i + 1) + ' ' + STEPS[i] + (kind ? ': ' + kind.replace('_', ' ') : ': not reached')})));
}

function detail() {
  const run = runs.get(open);
  at('detail').hidden = !run;
  at('host').className = run ? 'reading' : '';
  if (!run) return;
  const log = at('log');
  const follows = log.dataset.run !== run.run || at('detail').scrollTop + at('detail').clientHeight > at('detail').scrollHeight - 40;
  log.dataset.run = run.run;
  at('detail-title').textContent = (run.label || run.issue || 'no issue') + ' · ' + run.agent;
  at('facts').replaceChildren(...pairs({run: run.run, phase: run.phase, woken: run.reason, by: run.way,
    accepted: time(run.accepted), ended: time(run.ended), tokens: run.tokens, cost: run.cost ? '$' + run.cost : '',
    outcome: run.error || run.output}));
  log.replaceChildren(...run.steps.map(step => make('li', {className: step.kind},
    make('time', {textContent: time(step.at), dateTime: step.at}),
    make('span', {textContent: (step.kind === 'progress' ? '  ' : step.step + ' ' + step.name + ': ') + step.text}))));
  if (follows) at('detail').scrollTop = at('detail').scrollHeight;
}

const key = () => sessionStorage.getItem('view-key');
const headers = () => ({authorization: 'Bearer ' + key()});

async function pause(agent, act) {
  const answer = await fetch('/live/agents/' + encodeURIComponent(agent.name) + '/' + act, {method: 'POST', headers: headers()});
  if (answer.ok) {
    agent.paused = act === 'pause';
    draw();
  }
}

function link(words, well) {
  at('link').textContent = words;
  at('pulse').className = well ? '' : 'off';
}

function ask() {
  at('login').hidden = false;
  at('host').hidden = true;
  at('key').focus();
}

async function follow() {
  const answer = await fetch('/live/events', {headers: headers()});
  if (answer.status === 401) {
    sessionStorage.removeItem('view-key');
    link('the key was not accepted', false);
    ask();
    return false;
  }
  if (!answer.ok) throw new Error('status ' + answer.status);
  link('live', true);
  at('login').hidden = true;
  at('host').hidden = false;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let {value, done} = await reader.read(); !done; {value, done} = await reader.read()) {
    const frames = (rest + value).split('\n\n');
    rest = frames.pop();
    frames.filter(frame => frame.startsWith('data: ')).forEach(frame => take(JSON.parse(frame.slice(6))));
  }
  return true;
}

async function stay() {
  for (let goOn = key() !== null; goOn;) {
    try {
      goOn = await follow();
      if (goOn) link('the host went away; trying again', false);
    } catch (failure) {
      link('no connection to the host; trying again', false);
    }
    if (goOn) await new Promise(again => setTimeout(again, 2000));
  }
}

at('login').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('view-key', at('key').value);
  at('key').value = '';
  stay();
});
at('close').addEventListener('click', () => { open = null; draw(); });
if (key() === null) ask(); else stay();
