using System.Globalization;
using Strowger.Server.Configuration;
using Strowger.Smpp;

namespace Strowger.Server.Cli.Doctor;

/// <summary>
/// Whether a carrier lets us in. Asked of the server where one runs: a bind beside its own would be one too many for some carriers.
/// </summary>
internal static class BindExamination
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Binds once and unbinds. A text that the carrier delivers in this moment is answered "again later".</summary>
    public static async Task<Finding> TryAsync(ChannelConfiguration channel, CancellationToken ct)
    {
        var what = $"bind {channel.Name}";
        string password;
        try
        {
            password = channel.ReadPassword();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding(what, Verdict.Wrong, $"its password: {error.Message}", $"make {channel.PasswordFile} readable for {Environment.UserName}, or set PasswordFile");
        }

        var handler = new Handler();
        var client = new SmppClient(
            new SmppClientOptions
            {
                Host = channel.Host,
                Port = channel.Port,
                SystemId = channel.SystemId,
                Password = password,
                SystemType = channel.SystemType,
                Tls = channel.Tls ? new SmppClientTls { ServerName = channel.TlsServerName, TrustedCertificate = channel.TlsTrustedCertificate } : null,
                BindMode = channel.Mode == ChannelMode.Transceiver ? BindMode.Transceiver : BindMode.Transmitter,
            },
            handler,
            TimeProvider.System,
            new Random());
        await using (client)
        {
            client.Start();
            try
            {
                await handler.Decided.WaitAsync(_patience, ct);
            }
            catch (TimeoutException)
            {
                return new Finding(what, Verdict.Wrong, $"no answer to the bind within {_patience.TotalSeconds} s", AdviceOnSilence(channel));
            }

            var finding = client.State == BindState.Bound || handler.WasBound
                ? new Finding(what, Verdict.Good, $"{channel.SystemId}@{channel.Host}:{channel.Port} bound{(channel.Tls ? " by TLS" : "")} and unbound")
                : new Finding(what, Verdict.Wrong, handler.Reason ?? client.LastError ?? "refused", Advice(channel, handler.Status, handler.Reason));
            await client.StopAsync(_goodbye);
            return finding;
        }
    }

    /// <summary>As the running server sees its channels.</summary>
    public static async IAsyncEnumerable<Finding> OfServerAsync(ApiClient api, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var page = await api.GetAsync("v1/channels", ct);
        foreach (var channel in page.Json.List("data"))
        {
            if (channel.Text("kind") != "smpp")
            {
                continue;
            }

            var what = $"bind {channel.Text("name")}";
            var binds = channel.List("binds").ToList();
            var bound = binds.Count(static bind => bind.Text("state") == "bound");
            var reason = binds.Where(static bind => bind.Text("state") != "bound").Select(static bind => bind.Text("reason") ?? bind.Text("state")).FirstOrDefault();
            var detail = string.Create(CultureInfo.InvariantCulture, $"{bound} of {binds.Count} binds are bound, says the running server{(reason is null ? "" : ": " + reason)}");
            yield return bound == binds.Count ? new Finding(what, Verdict.Good, detail)
                : channel.Text("state") == "paused" ? new Finding(what, Verdict.Doubtful, detail + " (paused)", $"when it is meant to send: strowger channels resume {channel.Text("name")}")
                : new Finding(what, bound == 0 ? Verdict.Wrong : Verdict.Doubtful, detail, $"strowger channels test {channel.Text("name")} tries it and says why");
        }
    }

    private static string AdviceOnSilence(ChannelConfiguration channel) => channel.Tls
        ? "something else than SMPP over TLS may listen there: check Port, and whether the carrier's TLS port is another one"
        : "something else than SMPP may listen there: check Port, and whether the carrier wants TLS";

    private static string Advice(ChannelConfiguration channel, uint status, string? reason) => status switch
    {
        _ when reason?.Contains("certificate", StringComparison.Ordinal) == true => "until the certificate is right nothing is said to who shows it: ask the carrier which one it uses, and for whom",
        _ when reason?.Contains("TLS", StringComparison.Ordinal) == true => channel.Tls
            ? "ask the carrier for its TLS port and for the versions it speaks (1.2 and 1.3 are spoken here)"
            : "set Tls to true for this channel, or take the carrier's plain port",
        CommandStatus.InvalidPassword => "the password is wrong: compare Password or PasswordFile with the carrier's letter",
        CommandStatus.InvalidSystemId => "the carrier does not know SystemId: ask whether the account is active on this host, and for which address of yours",
        CommandStatus.AlreadyBound => "as many binds as the carrier allows are there: another server uses this account, or Binds is too high",
        0 => "ask the carrier whether it let your address in, and whether it wants TLS",
        _ => "ask the carrier what it means, and name the time of this attempt",
    };

    private sealed class Handler : SmppClientHandler
    {
        private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Decided => _decided.Task;

        public bool WasBound { get; private set; }

        public string? Reason { get; private set; }

        public uint Status { get; private set; }

        public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late)
        {
        }

        public override void OnUnanswered(long tag, UnansweredReason reason)
        {
        }

        public override void OnStateChanged(BindState state, string? reason, uint status)
        {
            if (_decided.Task.IsCompleted || state is BindState.Connecting or BindState.Binding)
            {
                return;
            }

            (WasBound, Reason, Status) = (state == BindState.Bound, reason, status);
            _decided.TrySetResult();
        }
    }
}
