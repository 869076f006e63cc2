#!/usr/bin/env python3
# make.py SERVER OUT: drives a mock server of then; keeps its store in OUT.sql, and what it was asked
# and answered in OUT.jsonl, a line of JSON each.
import subprocess, sys, os, json, signal, urllib.request, urllib.error, tempfile, shutil
server, out = sys.argv[1], sys.argv[2]
place = tempfile.mkdtemp()
store = place + '/then.db'
TOKENS = ['--token', 'north:ana=ana-0123456789abcdef', '--token', 'south:eve=eve-0123456789abcdef']
asked = []
def start(*options):
    p = subprocess.Popen([server, '--listen', '127.0.0.1:0', '--store', 'sqlite:' + store] + TOKENS + list(options),
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return p, p.stdout.readline().split()[-1]
def send(url, who, method, path, key=None, body=None, timeout=10):
    r = urllib.request.Request(url + path, method=method, data=body.encode() if body else None)
    r.add_header('Authorization', 'Bearer %s-0123456789abcdef' % who)
    if key: r.add_header('Idempotency-Key', key)
    if body: r.add_header('Content-Type', 'application/json')
    try:
        with urllib.request.urlopen(r, timeout=timeout) as a: return a.status, a.read().decode()
    except urllib.error.HTTPError as e: return e.code, e.read().decode()
def invoice(number, email='ap@northwind.example', name='Northwind Ltd', date='2026-11-22', **more):
    d = {"number": number, "issue_date": date, "currency": "EUR", "customer": {"email": email, "name": name},
         "lines": [{"description": "Consulting \u2013 \"caf\u00e9\"", "quantity": "1.5", "unit_price": "120.00", "tax_rate": "21"}]}
    if name is None: del d["customer"]["name"]
    d.update(more)
    return json.dumps(d, ensure_ascii=False)
def asked_of_store(what):
    return subprocess.run(['sqlite3', store, what], capture_output=True, text=True).stdout.strip()
posts = []
def post(who, path, key, body):
    posts.append((who, path, key, body))
    return send(url, who, 'POST', path, key, body)
LONG = ('--key-ttl', '87600h') # as long as it may be
p, url = start('--key-ttl', '1s')
post('ana', '/v1/invoices', 'past-1', invoice('P-1'))
post('ana', '/v1/invoices', 'past-2', invoice(' p-1 '))
# until the reaper has been there: it takes the reply from what is past its lifetime
while asked_of_store('SELECT count(expires_at) FROM idempotency_keys') != '0': pass
p.send_signal(signal.SIGTERM); p.wait()
p, url = start(*LONG)
late = len(posts)
hyphens = ['INV-100', 'INV\u2011100', 'INV\u2013100', 'INV\u2212100']
for i, n in enumerate(hyphens): post('ana', '/v1/invoices', 'dash-%d' % i, invoice(n, external_ref={"source": "shop", "id": "A-%d" % i}))
post('ana', '/v1/invoices', 'odd-1', invoice('X\u20651', email='x@b\u00fccher.example', name='B\u00fccher "und" \\ Co\u2028', notes='two\nlines'))
post('ana', '/v1/invoices', 'odd-2', invoice('X1', email='x@xn--bcher-kva.example', name=None, due_date='2026-12-24'))
post('ana', '/v1/invoices', 'year-1', invoice('X1', date='2025-01-31', email='second@b.example', external_ref={"source": "\u00e9", "id": "7"}))
post('ana', '/v1/invoices', 'taken-1', invoice('inv-100'))
post('ana', '/v1/invoices', 'taken-2', invoice('Y-1', external_ref={"source": "shop", "id": "A-2"}))
post('ana', '/v1/invoices', 'south', invoice('S-0'))
post('eve', '/v1/invoices', 'south', invoice('INV-100'))
post('ana', '/v1/invoices', 'bad', '{"number":"B-1","year":2}')
post('ana', '/v1/invoices', None, invoice('B-2'))
post('ana', '/v1/customers', None, '{"email":"New@Customer.example","name":"N\u00e9w","phone":"+49 30"}')
post('ana', '/v1/customers', None, '{"email":"ap@northwind.example","name":"Northwind Limited"}')
post('ana', '/v1/customers', None, '{"email":"third@x.example"}')
def event(id, **more):
    d = {"event_id": id, "type": "payment.received", "invoice_id": "inv_1002", "amount": "10.00", "currency": "EUR", "paid_at": "2026-11-22T10:00:00Z"}
    d.update(more); return json.dumps(d)
post('ana', '/v1/webhooks/bank', None, event('e1'))
post('ana', '/v1/webhooks/bank', None, event('e1'))
post('ana', '/v1/webhooks/bank', None, event('e1', amount="11.00"))
post('ana', '/v1/webhooks/bank', None, '{"event_id":"e2","type":"other"}')
post('ana', '/v1/webhooks/other', None, event('e1', amount="12.00"))
for i in range(3): post('ana', '/v1/invoices', 'more-%d' % i, invoice('M-%d' % i, email='m%d@many.example' % i))
p.send_signal(signal.SIGTERM); p.wait()
# one left in progress
p, url = start(*LONG, '--fault', 'crash-before-commit', '--lease', '1s')
try: send(url, 'ana', 'POST', '/v1/invoices', 'left', invoice('L-1'))
except Exception: pass
p.wait()
p, url = start(*LONG)
# what it answers now, to be answered ever after
answers = []
def ask(who, method, path, key=None, body=None):
    status, text = send(url, who, method, path, key, body)
    answers.append({"who": who, "method": method, "path": path, "key": key, "body": body, "status": status, "reply": text})
for who in ('ana', 'eve'):
    ask(who, 'GET', '/v1/audit?limit=1000')
    for q in ('', '?year=2025'): ask(who, 'GET', '/v1/invoices' + q)
for q in ('?limit=2', '?number=P-1', '?number=m-2&year=2026', '?customer=cus_1&limit=3', '?customer=second@b.example'):
    ask('ana', 'GET', '/v1/invoices' + q)
ask('ana', 'GET', '/v1/invoices/inv_1001')
ask('eve', 'GET', '/v1/invoices/inv_1002')
for q in ('', '?prefix=n', '?prefix=m', '?prefix=x@b', '?prefix=third'): ask('ana', 'GET', '/v1/customers' + q)
for i in (1, 2, 3, 6, 20): ask('ana', 'GET', '/v1/customers/cus_%d' % i)
for key in ('past-1', 'past-2', 'dash-1', 'taken-1', 'left', 'never'): ask('ana', 'GET', '/v1/intents/' + key)
for w, path, key, body in posts:
    if key in (None, 'bad') and 'webhooks' not in path: continue
    ask(w, 'POST', path, key, body)
os.kill(p.pid, signal.SIGTERM); p.wait()
dump = subprocess.run(['sqlite3', store, '.dump'], capture_output=True, text=True, check=True).stdout
version = asked_of_store('pragma user_version')
open(out + '.sql', 'w').write(dump + 'PRAGMA user_version=%s;\n' % version)
with open(out + '.jsonl', 'w') as f:
    for a in answers: f.write(json.dumps(a, ensure_ascii=True) + '\n')
print(out, 'schema', version, len(dump), len(answers), [a["status"] for a in answers])
shutil.rmtree(place)
