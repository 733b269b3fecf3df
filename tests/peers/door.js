// An ESME made of the npm package smpp, told what to do by lines of JSON on its input; says what happens in lines of JSON.
//   node door.js HOST PORT SYSTEM_ID PASSWORD [TRUSTED]      a certificate makes it speak TLS
//   {"submit":{"n":1,"to":"46...","from":"...","text":"...","hex":"...","more":{...fields of submit_sm}}}
//   {"flood":{"count":1000,"window":20,"from":1,"receipts":1}}   each text is sent until it is answered with ESME_ROK, over broken connections too
//   {"receipts":true}   how many acknowledged texts have none yet
//   {"query":"ID"}  {"cancel":"ID"}  {"unbind":true}
'use strict';
const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

const [, , host, port, systemId, password, trusted] = process.argv;
const tls = trusted ? { ca: fs.readFileSync(trusted) } : {};
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');
const flood = { waiting: [], count: 0, window: 0, flying: 0, acknowledged: 0, again: 0, refused: {}, receipts: 0, failed: 0 };
const acknowledged = new Set();
const reported = new Set();
let session = null;
let leaving = false;

function connect() {
    let bound = false;
    const mine = smpp.connect({ url: `${trusted ? 'ssmpp' : 'smpp'}://${host}:${port}`, ...tls, auto_enquire_link_period: 1000 }, () => {
        mine.bind_transceiver({ system_id: systemId, password, interface_version: 0x34 }, (pdu) => {
            say({ event: 'bind', status: pdu.command_status, system_id: pdu.system_id });
            bound = pdu.command_status === 0;
            if (!bound) {
                leaving = true;
                mine.close();
                return;
            }
            session = mine;
            pump();
        });
    });
    const flying = new Set();
    mine.flying = flying;
    mine.on('error', () => { });
    mine.on('enquire_link', (pdu) => mine.send(pdu.response()));
    mine.on('unbind', (pdu) => { say({ event: 'told_to_unbind' }); mine.send(pdu.response()); mine.close(); });
    mine.on('deliver_sm', (pdu) => deliver(mine, pdu));
    mine.on('close', () => {
        session = session === mine ? null : session;
        // Whatever was not answered may have been taken or not: it is sent again.
        for (const n of flying) {
            flood.waiting.push(n);
            flood.again++;
        }
        flood.flying -= flying.size;
        flying.clear();
        say({ event: 'closed' });
        if (leaving) {
            process.exit(0);
        }
        setTimeout(connect, 50);
    });
}

function deliver(mine, pdu) {
    mine.send(pdu.response());
    const text = pdu.short_message.message;
    if (!(pdu.esm_class & smpp.ESM_CLASS.MC_DELIVERY_RECEIPT)) {
        say({ event: 'mo', from: pdu.source_addr, to: pdu.destination_addr, text });
        return;
    }
    flood.receipts++;
    reported.add(pdu.receipted_message_id);
    flood.failed += pdu.message_state === 2 ? 0 : 1;
    if (flood.count === 0) {
        say({ event: 'receipt', text, id: pdu.receipted_message_id, state: pdu.message_state, from: pdu.source_addr, to: pdu.destination_addr });
    }
    look();
}

function fieldsOf(n, receipts) {
    return {
        source_addr: '12345', destination_addr: `4670${String(n).padStart(7, '0')}`, dest_addr_ton: 1, dest_addr_npi: 1,
        registered_delivery: receipts, short_message: `Flood #${n}`,
    };
}

function pump() {
    while (session !== null && flood.flying < flood.window && flood.waiting.length > 0) {
        const mine = session;
        const n = flood.waiting.shift();
        mine.flying.add(n);
        flood.flying++;
        mine.submit_sm(fieldsOf(n, flood.wanted), (pdu) => {
            if (!mine.flying.delete(n)) {
                return;
            }
            flood.flying--;
            if (pdu.command_status === 0) {
                flood.acknowledged++;
            acknowledged.add(pdu.message_id);
                say({ event: 'ok', n, id: pdu.message_id });
                look();
                pump();
                return;
            }
            flood.refused[pdu.command_status] = (flood.refused[pdu.command_status] || 0) + 1;
            flood.waiting.push(n);
            setTimeout(pump, 100);
        });
    }
}

function look() {
    if (flood.count > 0 && flood.acknowledged === flood.count) {
        say({ event: 'flooded', again: flood.again, refused: flood.refused, receipts: flood.receipts, failed: flood.failed });
    }
}

function submit(command) {
    const message = command.hex === undefined ? command.text : Buffer.from(command.hex, 'hex');
    session.submit_sm({
        source_addr: command.from || '12345', destination_addr: command.to, dest_addr_ton: 1, dest_addr_npi: 1, registered_delivery: 1,
        ...(command.long ? { message_payload: message } : { short_message: message }), ...command.more,
    }, (pdu) => say({ event: 'submitted', n: command.n, status: pdu.command_status, id: pdu.message_id }));
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
    const command = JSON.parse(line);
    if (command.submit) {
        submit(command.submit);
    } else if (command.flood) {
        flood.count = command.flood.count;
        flood.window = command.flood.window;
        flood.wanted = command.flood.receipts;
        for (let n = command.flood.from; n < command.flood.from + command.flood.count; n++) {
            flood.waiting.push(n);
        }
        pump();
    } else if (command.receipts) {
        say({ event: 'receipts', missing: [...acknowledged].filter((id) => !reported.has(id)).length });
    } else if (command.query) {
        session.query_sm({ message_id: command.query }, (pdu) => say({ event: 'state', status: pdu.command_status, state: pdu.message_state }));
    } else if (command.cancel) {
        session.cancel_sm({ message_id: command.cancel }, (pdu) => say({ event: 'cancelled', status: pdu.command_status }));
    } else if (command.unbind) {
        leaving = true;
        session.unbind(() => { say({ event: 'unbound' }); session.close(); });
    }
});

connect();
