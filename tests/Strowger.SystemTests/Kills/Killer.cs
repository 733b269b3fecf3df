using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Kills;

/// <summary>Kills a server at seeded moments and starts it again, while somebody feeds it.</summary>
internal sealed class Killer(StrowgerProcess server, Feeder feeder, Random random, Action release)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly Moment[] _kinds = Enum.GetValues<Moment>();

    /// <summary>How many parts each start found in hand: those of the kill before, and those still unsettled from earlier ones.</summary>
    public List<long> Unsure { get; } = [];

    public List<Moment> Moments { get; } = [];

    public async Task KillAsync(int times)
    {
        while (Moments.Count < times)
        {
            release();
            var moment = _kinds[random.Next(_kinds.Length)];
            if (await ComeAsync(moment))
            {
                Moments.Add(moment);
            }

            await server.RestartAsync();
            Unsure.Add(server.UnsureAtStart()!.Value);
            feeder.Up.Open();
        }
    }

    /// <summary>True when it was killed; false when it had ended by itself before.</summary>
    private async Task<bool> ComeAsync(Moment moment)
    {
        switch (moment)
        {
            case Moment.AfterAnswer:
                feeder.Answered.Shut();
                await SoonAsync(feeder.Answered.Opened);
                await DelayAsync(0, 5);
                break;
            case Moment.DuringBatch:
                feeder.HalfSent.Shut();
                await SoonAsync(feeder.HalfSent.Opened);
                await DelayAsync(0, 60);
                break;
            case Moment.WhileSending:
                await DelayAsync(100, 700);
                break;
            case Moment.DuringStart:
                await DelayAsync(100, 300);
                Kill();
                await server.RespawnAsync();
                await DelayAsync(50, 500);
                break;
            case Moment.DuringStop:
                await DelayAsync(100, 500);
                feeder.Up.Shut();
                server.Process.Terminate();
                await DelayAsync(0, 120);
                break;
        }

        return Kill();
    }

    private bool Kill()
    {
        feeder.Up.Shut();
        var lived = !server.Process.HasExited;
        server.Kill9();
        return lived;
    }

    /// <summary>The moment itself, not a wait for something.</summary>
    private Task DelayAsync(int from, int to) => Task.Delay(random.Next(from, to + 1));

    /// <summary>At most so long: when nobody posts just now, the moment comes without it.</summary>
    private static Task SoonAsync(Task signal) => Task.WhenAny(signal, Task.Delay(_patience));
}
