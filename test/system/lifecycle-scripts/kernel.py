"""A kernel that is busy from its first moment to its last. It is given the file that says where to be reached."""

import json
import sys
import threading

import zmq
from jupyter_client.session import Session

with open(sys.argv[1]) as file:
    connection = json.load(file)
session = Session(key=connection['key'].encode(), signature_scheme=connection['signature_scheme'])
context = zmq.Context()


def bound(kind, port):
    socket = context.socket(kind)
    socket.bind('tcp://%s:%d' % (connection['ip'], connection[port]))
    return socket


heart, iopub = bound(zmq.ROUTER, 'hb_port'), bound(zmq.PUB, 'iopub_port')
shell, control = bound(zmq.ROUTER, 'shell_port'), bound(zmq.ROUTER, 'control_port')
threading.Thread(target=zmq.proxy, args=(heart, heart), daemon=True).start()
# Whatever comes on the control channel, it is to end.
while not control.poll(100):
    session.send(iopub, 'status', {'execution_state': 'busy'}, ident=b'status')
