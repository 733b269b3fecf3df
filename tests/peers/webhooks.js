// A receiver of webhooks that checks signatures with the npm package standardwebhooks, the specification's own library.
//   node webhooks.js
// Prints one JSON object a line: {"event":"ready","url"} first, then {"event":"post",path,type,subject,signed_by:[names]} for each post.
// Reads lines: {"name":"...","secret":"whsec_..."}, answered by {"event":"known"}.
'use strict';
const http = require('http');
const readline = require('readline');
const { Webhook } = require('standardwebhooks');

const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');
const secrets = new Map();

function isSigned(secret, body, headers) {
    try {
        new Webhook(secret).verify(body, headers);
        return true;
    } catch {
        return false;
    }
}

const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const event = JSON.parse(body);
        const names = [...secrets].filter(([, secret]) => isSigned(secret, body, request.headers)).map(([name]) => name);
        say({ event: 'post', path: request.url, type: event.type, subject: event.data.id, signed_by: names });
        response.writeHead(204).end();
    });
});
server.listen(0, '127.0.0.1', () => say({ event: 'ready', url: `http://127.0.0.1:${server.address().port}` }));
readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
        const { name, secret } = JSON.parse(line);
        secrets.set(name, secret);
        say({ event: 'known', name });
    })
    .on('close', () => process.exit(0));
