namespace Strowger.Smpp;

/// <summary>Reads what the carrier sent, in batches: runs of responses are matched together, everything else one by one, in order.</summary>
internal sealed class ClientInbox(ClientConnection connection, SmppClientHandler handler, SmppClientOptions options, bool trace)
{
    /// <summary>Responses matched in one turn of the lock.</summary>
    private const int MaxRun = 256;

    private readonly ResponseMatch[] _run = new ResponseMatch[MaxRun];
    private int _runCount;

    /// <summary>Returns the octets consumed. Not finished when reading has to wait until our answers find room.</summary>
    public int Process(ReadOnlySpan<byte> data, out bool finished)
    {
        int at = 0;
        finished = true;
        while (true)
        {
            var result = Pdu.Read(data[at..], options.MaxPduBytes, out var pdu, out var fault);
            if (result == PduResult.NeedMore)
            {
                break;
            }

            if (result == PduResult.Invalid)
            {
                Deliver(data);
                Reject(data[at..], fault);
                break;
            }

            if (!CommandId.IsResponse(pdu.Header.CommandId) && !connection.HasRoomForAnswers())
            {
                finished = false;
                break;
            }

            if (trace)
            {
                handler.OnPdu(sent: false, pdu.Bytes);
            }

            Take(pdu, at, data);
            at += pdu.Bytes.Length;
        }

        Deliver(data);
        if (connection.IsBound)
        {
            handler.OnBatchEnd();
        }

        return at;
    }

    private void Reject(ReadOnlySpan<byte> data, PduFault fault)
    {
        if (!connection.IsBound && options.Tls is null && TlsRecord.IsAnswer(data))
        {
            connection.Close("the carrier speaks TLS on this port: set Tls");
        }
        else
        {
            connection.RejectStream(fault);
        }
    }

    private void Take(in Pdu pdu, int at, ReadOnlySpan<byte> data)
    {
        uint id = pdu.Header.CommandId;
        if (!connection.IsBound)
        {
            TakeBindAnswer(pdu);
        }
        else if (id is CommandId.SubmitSmResp or CommandId.GenericNack or CommandId.QuerySmResp)
        {
            _run[_runCount++] = new ResponseMatch
            {
                CommandId = id,
                Sequence = pdu.Header.Sequence,
                Status = pdu.Header.Status,
                BodyAt = at + SmppLimits.HeaderBytes,
                BodyLength = pdu.Body.Length,
            };
            if (_runCount == MaxRun)
            {
                Deliver(data);
            }
        }
        else
        {
            Deliver(data);
            TakeOther(pdu);
        }
    }

    private void TakeBindAnswer(in Pdu pdu)
    {
        uint expected = (uint)options.BindMode | CommandId.ResponseBit;
        switch (pdu.Header.CommandId)
        {
            case CommandId.GenericNack:
                connection.OnBindAnswer(
                    pdu.Header.Status == 0 ? CommandStatus.BindFailed : pdu.Header.Status,
                    options.Tls is null ? "; by generic_nack, as from a port that wants TLS" : "");
                break;
            case CommandId.EnquireLink:
                connection.SendBare(CommandId.EnquireLinkResp, CommandStatus.Ok, pdu.Header.Sequence);
                break;
            case uint id when id == expected:
                connection.OnBindAnswer(pdu.Header.Status);
                break;
            case uint id:
                connection.Close($"the carrier answered the bind with {CommandId.Name(id)}");
                break;
        }
    }

    private void TakeOther(in Pdu pdu)
    {
        uint sequence = pdu.Header.Sequence;
        switch (pdu.Header.CommandId)
        {
            case CommandId.DeliverSm:
                TakeDeliver(pdu);
                break;
            case CommandId.DataSm:
                TakeData(pdu);
                break;
            case CommandId.EnquireLink:
                connection.SendBare(CommandId.EnquireLinkResp, CommandStatus.Ok, sequence);
                break;
            case CommandId.Unbind:
                connection.SendBare(CommandId.UnbindResp, CommandStatus.Ok, sequence);
                connection.Flush();
                connection.IsOrderly = true;
                connection.Close("the carrier unbound");
                break;
            case CommandId.UnbindResp:
                connection.OnUnbindAnswer();
                break;
            case CommandId.AlertNotification:
                if (AlertNotification.TryDecode(pdu.Body, out var alert, out _))
                {
                    handler.OnAlertNotification(alert);
                }

                break;
            case uint id when CommandId.IsResponse(id) || id == CommandId.Outbind:
                break;
            case uint id:
                connection.SendBare(CommandId.GenericNack, CommandStatus.InvalidCommandId, sequence);
                connection.Fault(CommandId.Name(id), "is no command for an ESME");
                break;
        }
    }

    private void TakeDeliver(in Pdu pdu)
    {
        connection.WasUseful = true;
        if (!DeliverSm.TryDecode(pdu.Body, out var deliver, out var fault))
        {
            connection.SendBare(CommandId.DeliverSmResp, fault.Status, pdu.Header.Sequence);
            connection.Fault(fault.Field, fault.Problem);
        }
        else if (!connection.TryBeginDeliver())
        {
            connection.SendBare(CommandId.DeliverSmResp, CommandStatus.MessageQueueFull, pdu.Header.Sequence);
        }
        else
        {
            handler.OnDeliver(deliver, new DeliverHandle(connection, pdu.Header.Sequence, isData: false));
        }
    }

    private void TakeData(in Pdu pdu)
    {
        connection.WasUseful = true;
        if (!DataSm.TryDecode(pdu.Body, out var data, out var fault))
        {
            connection.SendBare(CommandId.DataSmResp, fault.Status, pdu.Header.Sequence);
            connection.Fault(fault.Field, fault.Problem);
        }
        else if (!connection.TryBeginDeliver())
        {
            connection.SendBare(CommandId.DataSmResp, CommandStatus.MessageQueueFull, pdu.Header.Sequence);
        }
        else
        {
            handler.OnData(data, new DeliverHandle(connection, pdu.Header.Sequence, isData: true));
        }
    }

    /// <summary>Matches the responses gathered so far and reports them.</summary>
    private void Deliver(ReadOnlySpan<byte> data)
    {
        if (_runCount == 0)
        {
            return;
        }

        var run = _run.AsSpan(0, _runCount);
        _runCount = 0;
        connection.Resolve(run);
        foreach (ref var match in run)
        {
            if (match.Found)
            {
                connection.WasUseful = true;
                Report(match, data.Slice(match.BodyAt, match.BodyLength));
                match.Waiter = null;
            }
        }
    }

    private void Report(in ResponseMatch match, ReadOnlySpan<byte> body)
    {
        uint status = match.CommandId == CommandId.GenericNack && match.Status == 0 ? CommandStatus.InvalidCommandId : match.Status;
        if (match.Waiter is TaskCompletionSource<QueryResult> waiter)
        {
            QuerySmResp.TryDecode(body, out var queried, out _);
            waiter.TrySetResult(new QueryResult(
                QueryOutcome.Answered, status, queried.MessageState, queried.ErrorCode, System.Text.Encoding.Latin1.GetString(queried.FinalDate)));
            return;
        }

        if (!SubmitSmResp.TryDecode(body, out var response, out var fault))
        {
            connection.Fault(fault.Field, fault.Problem);
        }

        handler.OnSubmitResponse(match.Tag, status, response.MessageId, response.Tlvs.Bytes, match.Late);
    }
}
