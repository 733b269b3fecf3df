// A carrier made of the npm package smpp: takes texts, puts their parts together, says what it got, sends receipts and incoming texts.
//   node carrier.js SYSTEM_ID PASSWORD [CERTIFICATE KEY]      the two make it speak TLS
// Prints one JSON object a line: {"event":"ready","port":N} first. Reads lines: {"mo":{from,to,text}}, {"enquire":true}, {"unbind":true}.
'use strict';
const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

const [, , systemId, password, certificate, key] = process.argv;
const options = certificate ? { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) } : {};
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');
smpp.addTLV('vendor', { id: 0x1400, type: smpp.types.tlv.buffer });
const sessions = new Set();
const parts = new Map();
let nextId = 1000;

// Which part of a text this is: by its header, or by the sar_ parameters; null when it is whole.
function place(pdu, message) {
    const udh = (message.udh || []).find((ie) => ie[0] === 0 || ie[0] === 8);
    if (udh) {
        const wide = udh[0] === 8 ? 1 : 0;
        return { form: 'udh', reference: udh.slice(2, 3 + wide).toString('hex'), total: udh[3 + wide], number: udh[4 + wide] };
    }
    return pdu.sar_total_segments > 1
        ? { form: 'sar', reference: pdu.sar_msg_ref_num, total: pdu.sar_total_segments, number: pdu.sar_segment_seqnum }
        : null;
}

// The parts of a text under sender, destination and reference; the text when the last of them is here.
function join(pdu) {
    const inPayload = pdu.message_payload !== undefined;
    const message = inPayload ? pdu.message_payload : pdu.short_message;
    const at = place(pdu, message);
    if (!at) {
        return { text: message.message, parts: 1, form: inPayload ? 'payload' : 'short' };
    }
    const { form, reference, total, number } = at;
    const key = [pdu.source_addr, pdu.destination_addr, reference, total].join('/');
    const got = parts.get(key) || parts.set(key, []).get(key);
    got[number - 1] = message.message;
    if (got.filter((part) => part !== undefined).length < total) {
        return null;
    }
    parts.delete(key);
    return { text: got.join(''), parts: total, form };
}

function receipt(session, pdu, id) {
    const date = new Date().toISOString().replace(/[-:T]/g, '').slice(2, 12);
    session.deliver_sm({
        source_addr: pdu.destination_addr,
        destination_addr: pdu.source_addr,
        esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
        short_message: `id:${id} sub:001 dlvrd:001 submit date:${date} done date:${date} stat:DELIVRD err:000 text:`,
        ...(pdu.vendor ? { vendor: pdu.vendor } : {}),
    }, (resp) => resp.command_status === 0 || say({ event: 'receipt_refused', status: resp.command_status }));
}

const server = smpp.createServer(options, (session) => {
    session.on('error', (error) => say({ event: 'error', detail: String(error) }));
    session.on('close', () => sessions.delete(session) && say({ event: 'closed' }));
    session.on('bind_transceiver', (pdu) => {
        const ok = pdu.system_id === systemId && pdu.password === password;
        session.send(pdu.response({ command_status: ok ? 0 : smpp.ESME_RINVPASWD, system_id: 'npm' }));
        if (ok) {
            sessions.add(session);
        }
        say({ event: 'bind', ok, version: pdu.interface_version });
    });
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('enquire_link_resp', () => say({ event: 'alive' }));
    session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); say({ event: 'unbind' }); });
    session.on('unbind_resp', () => { say({ event: 'unbind_resp' }); session.close(); });
    session.on('deliver_sm_resp', (pdu) => say({ event: 'deliver_sm_resp', status: pdu.command_status }));
    session.on('unknown', (pdu) => say({ event: 'error', detail: `unknown ${pdu.command_id}` }));
    session.on('submit_sm', (pdu) => {
        const id = String(nextId++);
        session.send(pdu.response({ message_id: id }));
        const text = join(pdu);
        if (text) {
            say({ event: 'text', to: pdu.destination_addr, from: pdu.source_addr, ...text, coding: pdu.data_coding, vendor: pdu.vendor ? pdu.vendor.toString('hex') : null });
        }
        if (pdu.registered_delivery & 1) {
            receipt(session, pdu, id);
        }
    });
});
server.on('error', (error) => { say({ event: 'error', detail: String(error) }); process.exit(1); });
server.listen(0, '127.0.0.1', () => say({ event: 'ready', port: server.address().port }));

readline.createInterface({ input: process.stdin }).on('line', (line) => {
    const command = JSON.parse(line);
    const [session] = sessions;
    if (command.mo) {
        session.deliver_sm({ source_addr: command.mo.from, destination_addr: command.mo.to, short_message: command.mo.text, ...(command.mo.vendor ? { vendor: Buffer.from(command.mo.vendor, 'hex') } : {}) });
    } else if (command.enquire) {
        session.enquire_link();
    } else if (command.unbind) {
        sessions.forEach((each) => each.unbind());
    }
}).on('close', () => process.exit(0));
