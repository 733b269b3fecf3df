using System.Threading.Channels;
using Strowger.Smpp.Tests.Server;

namespace Strowger.Smpp.Tests.Tls;

/// <summary>Tells why sessions ended.</summary>
internal sealed class ClosedServer : EchoServer
{
    private readonly Channel<string> _reasons = Channel.CreateUnbounded<string>();
    private int _binds;

    public int BindsSeen => _binds;

    public override uint? OnBind(SmppServerSession session, in BindRequest bind)
    {
        Interlocked.Increment(ref _binds);
        return base.OnBind(session, bind);
    }

    public override void OnClosed(SmppServerSession session, string reason) => _reasons.Writer.TryWrite(reason);

    public async Task<string> NextAsync() =>
        await _reasons.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
