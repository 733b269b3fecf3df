namespace Strowger.Smpp;

/// <summary>Reads what an ESME sent and hands it to the handler, in order.</summary>
internal sealed class ServerInbox(ServerConnection connection, SmppServerSession session, SmppServerHandler handler, bool trace)
{
    private readonly ResponseMatch[] _run = new ResponseMatch[1];

    /// <summary>Returns the octets consumed. Not finished when reading has to wait until our answers find room.</summary>
    public int Process(ReadOnlySpan<byte> data, out bool finished)
    {
        int at = 0;
        finished = true;
        while (connection.IsOpen)
        {
            var result = Pdu.Read(data[at..], connection.Limits.MaxPduBytes, out var pdu, out var fault);
            if (result == PduResult.NeedMore)
            {
                break;
            }

            if (result == PduResult.Invalid)
            {
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
                handler.OnPdu(session, sent: false, pdu.Bytes);
            }

            at += pdu.Bytes.Length;
            if (connection.IsBound)
            {
                Take(pdu);
            }
            else
            {
                TakeUnbound(pdu);
            }
        }

        if (connection.IsBound)
        {
            handler.OnBatchEnd(session);
        }

        return at;
    }

    private void Reject(ReadOnlySpan<byte> data, PduFault fault)
    {
        if (!connection.IsBound && TlsRecord.IsHandshake(data))
        {
            connection.Close("the ESME speaks TLS, and this port does not");
        }
        else
        {
            connection.RejectStream(fault);
        }
    }

    private void TakeUnbound(in Pdu pdu)
    {
        uint id = pdu.Header.CommandId;
        uint sequence = pdu.Header.Sequence;
        if (BindRequest.IsBind(id) && !connection.IsBinding)
        {
            if (BindRequest.TryDecode(id, pdu.Body, out var bind, out var fault))
            {
                connection.OnBindRequest(bind, sequence);
            }
            else
            {
                connection.SendBare(id | CommandId.ResponseBit, fault.Status, sequence);
                connection.Flush();
                connection.Close($"bad bind: {fault.Reason}");
            }
        }
        else if (id == CommandId.EnquireLink)
        {
            connection.SendBare(CommandId.EnquireLinkResp, CommandStatus.Ok, sequence);
        }
        else if (!CommandId.IsResponse(id))
        {
            connection.SendBare(IsKnown(id) ? id | CommandId.ResponseBit : CommandId.GenericNack,
                IsKnown(id) ? CommandStatus.InvalidBindStatus : CommandStatus.InvalidCommandId, sequence);
            connection.Fault(CommandId.Name(id), "came before the bind");
        }
    }

    private void Take(in Pdu pdu)
    {
        uint id = pdu.Header.CommandId;
        uint sequence = pdu.Header.Sequence;
        switch (id)
        {
            case CommandId.DeliverSmResp or CommandId.DataSmResp or CommandId.GenericNack:
                TakeAnswer(pdu);
                break;
            case CommandId.EnquireLink:
                connection.SendBare(CommandId.EnquireLinkResp, CommandStatus.Ok, sequence);
                break;
            case CommandId.Unbind:
                connection.SendBare(CommandId.UnbindResp, CommandStatus.Ok, sequence);
                connection.Flush();
                connection.IsOrderly = true;
                connection.Close("the ESME unbound");
                break;
            case CommandId.UnbindResp:
                connection.IsOrderly = true;
                connection.Close("unbound");
                break;
            case uint other when CommandId.IsResponse(other):
                break;
            case uint bind when BindRequest.IsBind(bind):
                connection.SendBare(bind | CommandId.ResponseBit, CommandStatus.AlreadyBound, sequence);
                connection.Fault(CommandId.Name(bind), "came on a bound session");
                break;
            case uint known when IsKnown(known):
                TakeRequest(pdu);
                break;
            default:
                connection.SendBare(CommandId.GenericNack, CommandStatus.InvalidCommandId, sequence);
                connection.Fault(CommandId.Name(id), "is no command for an SMSC");
                break;
        }
    }

    private void TakeRequest(in Pdu pdu)
    {
        uint id = pdu.Header.CommandId;
        uint sequence = pdu.Header.Sequence;
        if (session.Mode == BindMode.Receiver && id is CommandId.SubmitSm or CommandId.SubmitMulti or CommandId.ReplaceSm)
        {
            connection.SendBare(id | CommandId.ResponseBit, CommandStatus.InvalidBindStatus, sequence);
        }
        else if (!connection.TryBeginRequest())
        {
            connection.SendBare(id | CommandId.ResponseBit, CommandStatus.Throttled, sequence);
        }
        else if (!Dispatch(id, sequence, pdu.Body, out var fault))
        {
            connection.Respond(id | CommandId.ResponseBit, sequence, fault.Status);
            connection.Fault(fault.Field, fault.Problem);
        }
    }

    private bool Dispatch(uint id, uint sequence, ReadOnlySpan<byte> body, out PduFault fault)
    {
        bool good;
        switch (id)
        {
            case CommandId.SubmitSm:
                if (good = SubmitSm.TryDecode(body, out var submit, out fault))
                {
                    handler.OnSubmit(session, sequence, submit);
                }

                return good;
            case CommandId.DataSm:
                if (good = DataSm.TryDecode(body, out var data, out fault))
                {
                    handler.OnData(session, sequence, data);
                }

                return good;
            case CommandId.SubmitMulti:
                if (good = SubmitMulti.TryDecode(body, out var multi, out fault))
                {
                    handler.OnSubmitMulti(session, sequence, multi);
                }

                return good;
            case CommandId.QuerySm:
                if (good = QuerySm.TryDecode(body, out var query, out fault))
                {
                    handler.OnQuery(session, sequence, query);
                }

                return good;
            case CommandId.CancelSm:
                if (good = CancelSm.TryDecode(body, out var cancel, out fault))
                {
                    handler.OnCancel(session, sequence, cancel);
                }

                return good;
            default:
                if (good = ReplaceSm.TryDecode(body, out var replace, out fault))
                {
                    handler.OnReplace(session, sequence, replace);
                }

                return good;
        }
    }

    private void TakeAnswer(in Pdu pdu)
    {
        ref var match = ref _run[0];
        match = new ResponseMatch { Sequence = pdu.Header.Sequence, Status = pdu.Header.Status };
        connection.Resolve(_run);
        if (match.Found)
        {
            uint status = pdu.Header.CommandId == CommandId.GenericNack && match.Status == 0 ? CommandStatus.InvalidCommandId : match.Status;
            handler.OnDeliverResponse(session, match.Tag, status, match.Late);
        }
    }

    private static bool IsKnown(uint id) => id is CommandId.SubmitSm or CommandId.DataSm or CommandId.SubmitMulti
        or CommandId.QuerySm or CommandId.CancelSm or CommandId.ReplaceSm;
}
