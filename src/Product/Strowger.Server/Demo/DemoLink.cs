using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Strowger.Features.Messaging;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Demo;

/// <summary>Ties a server that runs for the demo to the demo's carrier, by <c>STROWGER_DEMO=HOST:PORT</c> of the carrier's control port.</summary>
internal sealed class DemoLink(CarrierControl carrier)
{
    public const string Variable = "STROWGER_DEMO";

    /// <summary>Tokens of texts sent by the button: apart from the campaign's and the codes'.</summary>
    private const long FirstToken = 5_000_000_000;

    private long _nextToken = FirstToken;

    /// <summary>Null when the server does not run for a demo.</summary>
    public static DemoLink? FromEnvironment(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(Variable, out var value) && IPEndPoint.TryParse(value, out var endPoint)
            ? new DemoLink(new CarrierControl(endPoint))
            : null;

    public DemoControls ControlsFor(MessagingService messaging)
    {
        // After a kill the tokens of the run before must not come again.
        _nextToken = FirstToken + messaging.Time.GetUtcNow().ToUnixTimeMilliseconds();
        DemoControls controls = null!;
        controls = new DemoControls
        {
            SendMore = cancel => SendMoreAsync(messaging, controls.MoreTexts, cancel),
            BreakCarrier = async cancel =>
            {
                await carrier.OutageAsync(controls.Outage, cancel).ConfigureAwait(false);
                return string.Create(CultureInfo.InvariantCulture, $"The carrier hung up and is away for {controls.Outage.TotalSeconds:0} s.");
            },
            Kill = () => Process.GetCurrentProcess().Kill(),
        };
        return controls;
    }

    private async Task<string> SendMoreAsync(MessagingService messaging, long count, CancellationToken cancel)
    {
        var started = messaging.Time.GetTimestamp();
        var batch = messaging.StartBatch(default);
        for (var i = 0L; i < count; i++)
        {
            var token = Interlocked.Increment(ref _nextToken);
            var json = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"to":"+99972{{1_000_000 + (token % 9_000_000)}}","from":"Market","text":"One more text from the console. #{{token}}","priority":"bulk","campaign":"console"}""");
            batch.Add(new BatchLine { Number = i + 1, Json = Encoding.UTF8.GetBytes(json) });
            if (batch.IsChunkFull && !await batch.FlushAsync(cancel).ConfigureAwait(false))
            {
                break;
            }
        }

        await batch.FinishAsync(cancel).ConfigureAwait(false);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{batch.Accepted:N0} more texts are safe on disk, after {messaging.Time.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }
}
