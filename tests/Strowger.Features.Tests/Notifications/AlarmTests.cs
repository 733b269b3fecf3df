using System.Collections.Concurrent;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Records.Settings;

namespace Strowger.Features.Tests.Notifications;

/// <summary>What becomes an alarm, who is told, and when it is over.</summary>
public sealed class AlarmTests
{
    private const string Night = "+46701112233";

    [Fact]
    public async Task A_channel_that_is_down_is_told_of_once_reminded_acknowledged_and_cleared()
    {
        await using var rig = new Rig();
        rig.Channel("a", "down", "connection refused");
        await rig.LookAsync(TimeSpan.Zero);
        Assert.Empty(rig.Texts);
        await rig.LookAsync(TimeSpan.FromSeconds(61));
        await rig.LookAsync(TimeSpan.FromSeconds(5));

        var alarm = Assert.Single(rig.Book.Open());
        Assert.Equal((AlarmRules.BindDown, "a", AlarmState.Raised), (alarm.Rule, alarm.Subject, alarm.State));
        var text = Assert.Single(rig.Texts);
        Assert.Equal(("a", Night), (string.Join(',', text.Avoid), text.To));
        Assert.Equal($"Strowger ALARM {alarm.Id}: a: the channel is down: connection refused. Reply A{alarm.Id} to take it.", text.Text);

        await rig.LookAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(2, rig.Texts.Count);
        Assert.Contains("(still)", rig.Texts.Last().Text, StringComparison.Ordinal);
        rig.Book.Acknowledge(alarm.Id, "somebody", "calls the carrier");
        await rig.LookAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, rig.Texts.Count);

        rig.Channel("a", "up", null);
        await rig.LookAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(AlarmState.Acknowledged, rig.Book.Find(alarm.Id)!.State);
        await rig.LookAsync(TimeSpan.FromSeconds(31));
        Assert.Empty(rig.Book.Open());
        Assert.StartsWith($"Strowger OK {alarm.Id}: a: over after ", rig.Texts.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_back_soon_is_the_same_alarm_and_what_flaps_is_not_told_each_time()
    {
        await using var rig = new Rig();
        for (var round = 0; round < 6; round++)
        {
            rig.Channel("a", "down", "x");
            await rig.LookAsync(TimeSpan.FromSeconds(1));
            await rig.LookAsync(TimeSpan.FromSeconds(61));
            rig.Channel("a", "up", null);
            await rig.LookAsync(TimeSpan.FromSeconds(1));
            await rig.LookAsync(TimeSpan.FromSeconds(31));
        }

        var alarm = Assert.Single(rig.Book.List(10, null, openOnly: false));
        Assert.Equal(6, alarm.Times);
        Assert.Equal(3, rig.Texts.Count(text => text.Text.Contains("ALARM", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Many_at_once_are_one_text_and_muted_ones_are_told_afterwards_if_they_are_still_so()
    {
        await using var rig = new Rig();
        rig.Parts.Settings.Mute(rig.Now.AddHours(1), AlarmRules.BindDown, "m", "work", "test");
        foreach (var name in (string[])["a", "b", "c", "d", "m"])
        {
            rig.Channel(name, "down", "x");
        }

        await rig.LookAsync(TimeSpan.Zero);
        await rig.LookAsync(TimeSpan.FromSeconds(61));

        var digest = Assert.Single(rig.Texts);
        Assert.StartsWith("Strowger: 4 ALARMS, 0 over: ", digest.Text, StringComparison.Ordinal);
        Assert.InRange(digest.Text.Length, 1, 160);
        Assert.Equal(5, rig.Book.Open().Count);
        await rig.LookAsync(TimeSpan.FromMinutes(1));
        Assert.Single(rig.Texts);
        foreach (var alarm in rig.Book.Open().Where(a => a.Subject != "m"))
        {
            rig.Book.Acknowledge(alarm.Id, "somebody", null);
        }

        await rig.LookAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, rig.Texts.Count);
        Assert.Contains(": m: ", rig.Texts.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_between_raising_and_telling_loses_nothing_and_tells_under_the_same_key()
    {
        await using var rig = new Rig();
        rig.Channel("a", "down", "x");
        rig.Fails = true;
        await rig.LookAsync(TimeSpan.Zero);
        await Assert.ThrowsAsync<IOException>(() => rig.LookAsync(TimeSpan.FromSeconds(61)));
        Assert.Single(rig.Book.Open());

        await rig.RestartAsync();
        rig.Fails = false;
        await rig.LookAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(2, rig.Tried.Count);
        Assert.Single(rig.Tried.Distinct());
        Assert.Equal(1, Assert.Single(rig.Book.Open()).Notices);
    }

    [Fact]
    public async Task A_text_that_finds_no_channel_is_tried_until_there_is_one_for_a_while()
    {
        await using var rig = new Rig();
        rig.HasWay = false;
        rig.Channel("a", "down", "x");
        await rig.LookAsync(TimeSpan.Zero);
        await rig.LookAsync(TimeSpan.FromSeconds(61));
        await rig.LookAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, Assert.Single(rig.Book.Open()).Notices);
        rig.HasWay = true;
        await rig.LookAsync(TimeSpan.FromSeconds(5));
        await rig.LookAsync(TimeSpan.FromSeconds(5));
        Assert.Single(rig.Texts);
        Assert.Single(rig.Tried.Distinct());
        Assert.Equal(1, Assert.Single(rig.Book.Open()).Notices);

        rig.HasWay = false;
        await rig.LookAsync(TimeSpan.FromMinutes(31));
        await rig.LookAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(2, Assert.Single(rig.Book.Open()).Notices);
    }

    [Fact]
    public async Task Every_rule_sees_what_it_is_there_for()
    {
        await using var rig = new Rig();
        rig.Readings = new AlarmReadings
        {
            Channels = [new ChannelReading("a", "partly_up", "one bind is gone")],
            Queues = [new QueueReading("sms:46", TimeSpan.FromMinutes(16), 9000, ["a"]), new QueueReading("sms:47", TimeSpan.FromMinutes(14), 9000, ["a"])],
            Stages = [new StageReading("a", 5, 100, true), new StageReading("b", 5, 100, false), new StageReading("c", 0, 100, true)],
            Projections = [("messages", TimeSpan.FromMinutes(2)), ("receipts", TimeSpan.Zero)],
            Disk = (5L << 30, 100L << 30),
        };
        for (var look = 0; look < 4; look++)
        {
            await rig.LookAsync(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(
            ["bind_down a", "disk disk", "eta sms:46", "projection_lag messages", "stage_stalled a"],
            rig.Book.Open().Select(alarm => $"{alarm.Rule} {alarm.Subject}").Order());
        Assert.Contains("the last of 9000 texts leaves in 16 min", rig.Book.Open().Single(a => a.Rule == AlarmRules.Eta).Detail, StringComparison.Ordinal);
        rig.Parts.Settings.Change(rig.Parts.Settings.Rule(AlarmRules.Eta) with { Enabled = false }, "test");
        await rig.LookAsync(TimeSpan.Zero);
        await rig.LookAsync(TimeSpan.FromSeconds(31));
        Assert.DoesNotContain(rig.Book.Open(), alarm => alarm.Rule == AlarmRules.Eta);
    }

    /// <summary>Alarms over one engine and a clock that is moved by hand; texts are kept.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly ShiftedTime _time = new();
        private readonly FlowFixture _flow;
        private SettingsStore _settings = null!;
        private WebhookParts _webhooks = null!;

        public Rig()
        {
            _flow = new FlowFixture(_time);
            Open();
        }

        public AlarmParts Parts { get; private set; } = null!;

        public AlarmBook Book => Parts.Book;

        public AlarmReadings Readings { get; set; } = new();

        public DateTimeOffset Now => _time.GetUtcNow();

        public bool Fails { get; set; }

        public bool HasWay { get; set; } = true;

        public ConcurrentQueue<string> Tried { get; } = new();

        public List<(IReadOnlyList<string> Avoid, string To, string Text)> Texts { get; } = [];

        public void Channel(string name, string state, string? reason) =>
            Readings = Readings with { Channels = [.. Readings.Channels.Where(c => c.Name != name), new ChannelReading(name, state, reason)] };

        public Task LookAsync(TimeSpan later)
        {
            _time.Shift += later;
            return Parts.LookAsync();
        }

        public async Task RestartAsync()
        {
            await CloseAsync();
            await _flow.RestartAsync(kill: true);
            Open();
        }

        public async ValueTask DisposeAsync()
        {
            await CloseAsync();
            await _flow.DisposeAsync();
        }

        private async Task CloseAsync()
        {
            await Parts.DisposeAsync();
            await _webhooks.DisposeAsync();
            _settings.Dispose();
        }

        private void Open()
        {
            _settings = SettingsStore.Open(_flow.Path, _time);
            _webhooks = WebhookParts.Open(_flow.Engine, _settings, _flow.Path, new WebhookOptions());
            var ways = new AlarmWays { Text = TextAsync, Webhooks = _webhooks };
            Parts = new AlarmParts(
                _flow.Engine, _settings, _flow.Path, new AlarmOptions { TextTo = [Night], TextFrom = "12345" }, ways, () => Readings, (part, error) => Assert.Fail($"{part}: {error}"));
        }

        private Task<bool> TextAsync(IReadOnlyList<string> avoid, string to, string text, string key)
        {
            Tried.Enqueue(key);
            if (Fails)
            {
                throw new IOException("killed here");
            }

            if (HasWay)
            {
                Texts.Add((avoid, to, text));
            }

            return Task.FromResult(HasWay);
        }
    }
}
