// An ESME made of the npm package smpp: binds, sends texts, counts answers, receipts and incoming texts.
//   node esme.js HOST PORT SYSTEM_ID PASSWORD COUNT [TRUSTED]      a certificate makes it speak TLS
// Prints one JSON object a line. Ends with an unbind when its input says {"stop":true}.
'use strict';
const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

const [, , host, port, systemId, password, count, trusted] = process.argv;
const tls = trusted ? { ca: fs.readFileSync(trusted) } : {};
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');
const texts = [(n) => `Plain #${n}`, (n) => `Extended {[€]} #${n}`, (n) => `Кириллица #${n}`];
const WINDOW = 20;
const waiting = new Set();
const early = new Set();
const counts = { ok: 0, refused: 0, receipts: 0, strange: 0 };
let next = 1;

const session = smpp.connect({ url: `${trusted ? 'ssmpp' : 'smpp'}://${host}:${port}`, ...tls, auto_enquire_link_period: 500 }, () => {
    session.bind_transceiver({ system_id: systemId, password, interface_version: 0x34 }, (pdu) => {
        say({ event: 'bind', status: pdu.command_status, system_id: pdu.system_id });
        if (pdu.command_status !== 0) {
            session.close();
            return;
        }
        for (let i = 0; i < WINDOW; i++) {
            submit();
        }
    });
});
session.on('error', (error) => say({ event: 'error', detail: String(error) }));
session.on('close', () => { say({ event: 'closed' }); process.exit(0); });
session.on('enquire_link', (pdu) => session.send(pdu.response()));
session.on('enquire_link_resp', () => say({ event: 'alive' }));

function submit() {
    if (next > Number(count)) {
        return;
    }
    const n = next++;
    session.submit_sm({
        source_addr: 'npm', source_addr_ton: 5, destination_addr: `4670${String(n).padStart(7, '0')}`, dest_addr_ton: 1, dest_addr_npi: 1,
        registered_delivery: 1, short_message: texts[n % texts.length](n),
    }, (pdu) => {
        if (pdu.command_status === 0) {
            counts.ok++;
            if (early.delete(pdu.message_id)) {
                counts.receipts++;
            } else {
                waiting.add(pdu.message_id);
            }
        } else {
            counts.refused++;
        }
        look();
        submit();
    });
}

session.on('deliver_sm', (pdu) => {
    session.send(pdu.response());
    if (!(pdu.esm_class & smpp.ESM_CLASS.MC_DELIVERY_RECEIPT)) {
        say({ event: 'mo', from: pdu.source_addr, to: pdu.destination_addr, text: pdu.short_message.message });
        return;
    }
    const id = /id:(\S+)/.exec(pdu.short_message.message)[1];
    if (waiting.delete(id)) {
        counts.receipts++;
        counts.strange += id === pdu.receipted_message_id && pdu.message_state === 2 ? 0 : 1;
    } else {
        early.add(id);
    }
    look();
});

function look() {
    if (counts.ok + counts.refused === Number(count) && waiting.size === 0) {
        say({ event: 'done', ...counts });
    }
}

readline.createInterface({ input: process.stdin }).on('line', () => session.unbind(() => { say({ event: 'unbound' }); session.close(); }));
