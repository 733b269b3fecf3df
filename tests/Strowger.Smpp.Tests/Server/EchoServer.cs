using System.Buffers.Text;

namespace Strowger.Smpp.Tests.Server;

/// <summary>A server that accepts one password and answers every submit with a counter.</summary>
internal class EchoServer : SmppServerHandler
{
    private long _lastId;

    public long Submits => _lastId;

    public override uint? OnBind(SmppServerSession session, in BindRequest bind) =>
        bind.Password.SequenceEqual("secret"u8) ? CommandStatus.Ok : CommandStatus.InvalidPassword;

    public override void OnSubmit(SmppServerSession session, uint sequence, in SubmitSm pdu)
    {
        Span<byte> id = stackalloc byte[20];
        Utf8Formatter.TryFormat(Interlocked.Increment(ref _lastId), id, out int length);
        session.RespondSubmit(sequence, CommandStatus.Ok, id[..length]);
    }
}
