// A phone and a chat. All of it goes to the gateway's own routes; nothing is known here of what an answer means.
'use strict';

const $ = (selector) => document.querySelector(selector);
const number = () => $('#number').value.trim();
// The names of intents, for whoever learns.
const intents = {
  search: 'une recherche', pick: 'un choix', more: 'la suite', back: 'revenir ou répéter', code: 'le code d’une fiche', ticket: 'un ticket',
  human: 'une personne', report: 'une erreur signalée', offer: 'une offre', request: 'une demande', language: 'la langue', help: 'de l’aide',
  keep: 'emporter', stop: 'STOP', start: 'START', danger: 'un danger', thanks: 'merci, au revoir', unclear: 'rien de sûr', unreadable: 'rien de lisible',
};
const understood = (intent) => `compris : ${intent ? intents[intent] || intent : '(ne laisse pas de trace)'}`;
const chance = () => Math.random().toString(16).slice(2).padEnd(14, '0');
const post = async (path, body) => {
  const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok && response.status !== 204) return { failed: `${response.status}`, ...(await response.json().catch(() => ({}))) };
  return response.json().catch(() => ({}));
};

function put(thread, kind, text, language) {
  const line = document.createElement('li');
  line.className = `${kind} ${language || ''}`;
  line.textContent = text;
  if (language) line.lang = language;
  thread.append(line);
  thread.scrollTop = thread.scrollHeight;
  return line;
}

// Text messages.

const sms = $('#sms .thread');
$('#sms form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = event.target.text;
  const text = field.value;
  if (!text.trim()) return;
  field.value = '';
  put(sms, 'mine', text);
  const answer = await post('text', { from: number(), text, sid: `SM${chance()}` });
  if (answer.failed) return put(sms, 'note', `Pas de réponse (${answer.failed}).`);
  if (answer.text) put(sms, 'theirs', answer.text);
  const parts = answer.segments === 0 ? 'rien à envoyer' : `${answer.segments} SMS de ${answer.encoding}, ${answer.characters} signes, ${answer.cents[0]} à ${answer.cents[1]} cents`;
  put(sms, 'note', `${understood(answer.understood)} · ${parts}`);
});

// Calls.

const heard = $('#call .thread');
const call = { id: null, action: null, digits: 1, typed: '', outbound: false, timer: null };

for (const key of '123456789*0#') {
  const button = document.createElement('button');
  button.textContent = key;
  button.dataset.key = key;
  button.addEventListener('click', () => press(key));
  $('.pad').append(button);
}

function say(text, language) {
  put(heard, 'said', text, language.slice(0, 2));
  if ($('#aloud').checked && window.speechSynthesis) {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = language;
    utterance.rate = 0.95;
    speechSynthesis.speak(utterance);
  }
}

const quiet = () => window.speechSynthesis && speechSynthesis.cancel();

async function step(path, fields) {
  quiet();
  const answer = await post('call', { from: number(), call: call.id, path, fields, outbound: call.outbound });
  if (answer.failed) {
    put(heard, 'note', `Pas de réponse (${answer.failed}).`);
    return over();
  }
  const document_ = new DOMParser().parseFromString(answer.twiml, 'text/xml');
  if (answer.understood) put(heard, 'note', understood(answer.understood));
  for (const said of document_.querySelectorAll('Say')) say(said.textContent, said.getAttribute('language'));
  const gather = document_.querySelector('Gather');
  if (document_.querySelector('Reject')) {
    put(heard, 'note', 'Occupé : on ne décroche pas. Si la passerelle rappelle, votre téléphone sonne ici.');
    return over();
  }
  if (!gather) return over();
  call.action = gather.getAttribute('action');
  call.digits = Number(gather.getAttribute('numDigits') || 1);
  call.typed = '';
  $('.typed').textContent = '';
  $('#silence').disabled = false;
}

function over() {
  if (call.id) put(heard, 'note', 'Fin de l’appel.');
  call.id = call.action = null;
  clearTimeout(call.timer);
  $('#dial').disabled = false;
  $('#hang').disabled = $('#silence').disabled = true;
}

function begin(outbound) {
  call.id = `CA${chance()}`;
  call.outbound = outbound;
  $('#dial').disabled = true;
  $('#hang').disabled = false;
  put(heard, 'mine', outbound ? 'On vous appelle.' : 'Vous appelez.');
  return step('/twilio/voice', [['CallStatus', 'ringing']]);
}

// As on a telephone: as many digits as are awaited, or those that were typed before a pause.
function press(key) {
  if (!call.action) return;
  quiet();
  clearTimeout(call.timer);
  call.typed += key;
  $('.typed').textContent = call.typed;
  if (call.typed.length >= call.digits) return send();
  call.timer = setTimeout(send, 3000);
}

function send() {
  const digits = call.typed;
  put(heard, 'mine', digits);
  return step(call.action, [['CallStatus', 'in-progress'], ['Digits', digits]]);
}

$('#dial').addEventListener('click', () => begin(false));
$('#silence').addEventListener('click', () => {
  put(heard, 'mine', '(silence)');
  step(call.action, [['CallStatus', 'in-progress']]);
});
$('#hang').addEventListener('click', async () => {
  quiet();
  await post('call', { from: number(), call: call.id, path: '/twilio/voice/status', fields: [['CallStatus', 'completed']], outbound: call.outbound });
  over();
});

// The chat.

const chat = $('#chat .thread');
const somebody = 1 + Math.floor(Math.random() * 1e9);
const user = { id: somebody, is_bot: false, first_name: 'Simulation', language_code: 'fr' };
let update = Math.floor(Math.random() * 1e8);
let placed = {};

async function tell(content, shown) {
  update += 1;
  placed[update] = put(chat, 'mine', shown);
  const message = { message_id: update, date: 1764000000, chat: { id: somebody, type: 'private', first_name: 'Simulation' }, from: user, ...content };
  await told(await post('chat', { update_id: update, message }));
}

async function press_button(message, data) {
  update += 1;
  await told(await post('chat', {
    update_id: update,
    callback_query: {
      id: `${update}`, chat_instance: '1', data, from: user,
      message: { message_id: message, date: 1764000000, text: '…', chat: { id: somebody, type: 'private', first_name: 'Simulation' }, from: { id: 1, is_bot: true, first_name: 'Passerelle' } },
    },
  }));
}

async function told(answer) {
  put(chat, 'note', answer.failed ? `Pas de réponse (${answer.failed}).` : understood(answer.understood));
}

$('#chat form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = event.target.text.value;
  event.target.text.value = '';
  if (text.trim()) tell({ text }, text);
});

function show(item) {
  const known = item.edits ? placed[item.message] : null;
  const line = known || put(chat, 'theirs', '');
  placed[item.message] = line;
  line.textContent = item.kind === 'voice' ? '🔊 (message vocal)' : item.text;
  const buttons = document.createElement('div');
  buttons.className = 'buttons';
  const markup = item.markup || {};
  for (const row of markup.inline_keyboard || []) {
    for (const { text, callback_data } of row) {
      const button = document.createElement('button');
      button.textContent = text;
      button.addEventListener('click', () => press_button(item.message, callback_data));
      buttons.append(button);
    }
  }
  for (const row of markup.keyboard || []) {
    for (const { text } of row) {
      const button = document.createElement('button');
      button.textContent = text;
      // The town hall of Schaerbeek.
      button.addEventListener('click', () => tell({ location: { latitude: 50.8676, longitude: 4.3737 } }, text));
      buttons.append(button);
    }
  }
  if (buttons.childElementCount) line.append(buttons);
  chat.scrollTop = chat.scrollHeight;
}

function erase(message) {
  if (placed[message]) placed[message].remove();
  delete placed[message];
}

// What the gateway sends by itself.

let since = null;
async function listen() {
  const answer = await post('news', { since: since ?? Number.MAX_SAFE_INTEGER }).catch(() => null);
  if (answer && answer.items) {
    if (since !== null) {
      for (const item of answer.items) {
        if (item.kind === 'text') put(sms, 'theirs', item.text);
        else if (item.kind === 'ring' && !call.id) begin(true);
        else if (item.kind === 'chat' || item.kind === 'voice') show(item);
        else if (item.kind === 'erased') erase(item.message);
      }
    }
    since = answer.next;
  }
  setTimeout(listen, 500);
}
listen();
