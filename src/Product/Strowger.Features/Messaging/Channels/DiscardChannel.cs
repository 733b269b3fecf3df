using Strowger.Engine;

namespace Strowger.Features.Messaging.Channels;

/// <summary>Accepts everything: shows what the rest of the box can do.</summary>
public sealed class DiscardChannel(ChannelSettings settings, Stage stage) : Channel(settings, stage)
{
    // Not disposed: it has no timer, and a late callback may still look at it.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213", Justification = "No timer, no handle; see above.")]
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    public override (string State, string? Reason) State => Stage.IsPaused ? ("paused", null) : ("up", null);

    public override IReadOnlyList<BindInfo> Binds => [];

    public override void Start() => _run = Task.Run(RunAsync);

    public override bool TryChange(ChannelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind != Settings.Kind)
        {
            return false;
        }

        Settings = settings;
        Stage.Change(OptionsOf(settings));
        return true;
    }

    public override async Task StopAsync(TimeSpan deadline)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var leases = new Lease[512];
        var batch = new CompletionBatch();
        try
        {
            while (await Stage.LeaseAsync(leases, _stop.Token).ConfigureAwait(false) is > 0 and var count)
            {
                batch.Clear();
                foreach (var lease in leases.AsSpan(0, count))
                {
                    batch.Add(lease.Id, lease.Token, Outcome.Done());
                }

                Stage.Complete(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
