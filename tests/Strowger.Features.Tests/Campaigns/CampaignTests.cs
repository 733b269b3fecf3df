using Strowger.Engine;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Tests.Campaigns;

public sealed class CampaignTests
{
    [Fact]
    public async Task Each_row_becomes_one_text_in_its_order_and_then_it_is_done()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        var campaign = await fixture.CreateAsync(CampaignFixture.Rows(10_000));

        var sent = await fixture.SendAllAsync(fixture.A);

        Assert.Equal(Enumerable.Range(0, 10_000).Select(n => $"+4670{1_000_000 + n} Hello N{n}"), sent);
        await fixture.TurnAsync();
        var done = fixture.Campaigns.Find(campaign.Id)!;
        Assert.Equal((CampaignState.Done, 10_000), (done.State, done.Passes.Sum(p => p.Taken)));
        Assert.NotNull(done.EndedAt);
        Assert.Empty(fixture.Failures);
    }

    [Fact]
    public async Task No_more_waits_than_the_channel_takes_in_a_quarter_of_a_minute_shared_by_campaigns()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        fixture.Rates["a"] = 20;
        var first = await fixture.CreateAsync(CampaignFixture.Rows(5_000));
        await fixture.TurnAsync();
        Assert.Equal(300, fixture.Campaigns.QueuedOf(first.Id).Ready);

        var second = await fixture.CreateAsync(CampaignFixture.Rows(5_000));
        var slow = await fixture.CreateAsync(CampaignFixture.Rows(5_000), CampaignFixture.Spec(rate: 1));
        await fixture.TurnAsync();
        await fixture.TurnAsync();

        Assert.InRange(fixture.Campaigns.QueuedOf(second.Id).Ready, 100, 150);
        Assert.Equal(15, fixture.Campaigns.QueuedOf(slow.Id).Ready);
        Assert.Equal(300, fixture.Campaigns.QueuedOf(first.Id).Ready);
    }

    [Fact]
    public async Task A_small_campaign_does_not_wait_for_a_large_one()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        await fixture.CreateAsync(CampaignFixture.Rows(50_000));
        await fixture.TurnAsync();
        await fixture.CreateAsync(CampaignFixture.Rows(20), CampaignFixture.Spec("small {name}"));
        await fixture.TurnAsync();

        // Flows take turns of four: twenty of one are out when some twenty of the other are.
        var sent = fixture.Send(fixture.A, 48);
        Assert.Equal(20, sent.Count(text => text.Contains("small", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rows_of_a_slow_channel_do_not_hold_up_those_of_a_fast_one()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        fixture.Rates["b"] = 0.1;
        var rows = "to,name\n" + string.Concat(Enumerable.Range(0, 2_000).Select(n => $"{(n % 2 == 0 ? "4670" : "4770")}{1_000_000 + n},N{n}\n"));
        await fixture.CreateAsync(rows);

        Assert.Equal(1_000, (await fixture.SendAllAsync(fixture.A)).Count);
        Assert.Single(fixture.Send(fixture.B));
    }

    [Fact]
    public async Task Held_texts_wait_at_once_and_also_over_a_restart()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        var campaign = await fixture.CreateAsync(CampaignFixture.Rows(3_000));
        await fixture.TurnAsync();
        Assert.Equal(10, fixture.Send(fixture.A, 10).Count);

        Assert.Equal(CampaignState.Paused, (await fixture.Campaigns.PauseAsync(campaign.Id, "me"))!.Value.Campaign!.State);
        Assert.Empty(fixture.Send(fixture.A));
        Assert.Equal(409, (await fixture.Campaigns.ResumeAsync(campaign.Id + 1, "me"))?.Error?.Status ?? 409);
        await fixture.KillAsync();
        await fixture.TurnAsync();
        Assert.Empty(fixture.Send(fixture.A));

        await fixture.Campaigns.ResumeAsync(campaign.Id, "me");
        var rest = await fixture.SendAllAsync(fixture.A);
        Assert.Equal(2_990, rest.Distinct().Count());
        Assert.Equal(2_990, rest.Count);
    }

    [Fact]
    public async Task Another_rate_counts_at_once_and_over_a_restart()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        var campaign = await fixture.CreateAsync(CampaignFixture.Rows(3_000), CampaignFixture.Spec(rate: 0.001));
        await fixture.TurnAsync();
        Assert.Single(fixture.Send(fixture.A));
        Assert.Empty(fixture.Send(fixture.A));

        Assert.Null((await fixture.Campaigns.ChangeRateAsync(campaign.Id, null, "me"))!.Value.Campaign!.Rate);
        await fixture.TurnAsync();
        Assert.Equal(100, fixture.Send(fixture.A, 100).Count);

        await fixture.Campaigns.ChangeRateAsync(campaign.Id, 0.001, "me");
        Assert.Single(fixture.Send(fixture.A));
        Assert.Empty(fixture.Send(fixture.A));
        await fixture.KillAsync();
        await fixture.TurnAsync();
        Assert.Equal(0.001, fixture.Campaigns.Find(campaign.Id)!.Rate);
        Assert.Single(fixture.Send(fixture.A));
        Assert.True((await fixture.Campaigns.ChangeRateAsync(campaign.Id, 0.001, "me"))!.Value.IsRepeat);

        Assert.Equal(0.002, (await fixture.Campaigns.ChangeRateAsync(campaign.Id, 0.002, "me"))!.Value.Campaign!.Rate);
        await fixture.Campaigns.ChangeRateAsync(campaign.Id, null, "me");
        Assert.Equal(2_897, (await fixture.SendAllAsync(fixture.A)).Count);
        await fixture.TurnAsync();
        Assert.Equal(409, (await fixture.Campaigns.ChangeRateAsync(campaign.Id, 1, "me"))!.Value.Error!.Status);
        Assert.Null(await fixture.Campaigns.ChangeRateAsync(campaign.Id + 1, 1, "me"));
    }

    [Fact]
    public async Task Cancelled_texts_never_leave_and_the_rest_of_the_file_is_not_touched()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        var campaign = await fixture.CreateAsync(CampaignFixture.Rows(3_000));
        await fixture.TurnAsync();
        Assert.Equal(10, fixture.Send(fixture.A, 10).Count);

        await fixture.Campaigns.CancelAsync(campaign.Id, "me");
        Assert.Empty(fixture.Send(fixture.A));
        await fixture.TurnAsync();

        var over = fixture.Campaigns.Find(campaign.Id)!;
        Assert.Equal(CampaignState.Cancelled, over.State);
        Assert.Equal(1_500, over.Passes[0].Taken);
        Assert.Equal(0, fixture.Engine.GetQueue("a")!.Live);
        Assert.Equal(409, (await fixture.Campaigns.ResumeAsync(campaign.Id, "me"))!.Value.Error!.Status);
        await fixture.KillAsync();
        Assert.Empty(await fixture.SendAllAsync(fixture.A));
        Assert.Equal(CampaignState.Cancelled, fixture.Campaigns.Find(campaign.Id)!.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_kill_nothing_is_sent_twice_and_nothing_is_left_out(bool cursorsAreBehind)
    {
        await using var fixture = await CampaignFixture.StartAsync();
        fixture.Rates["b"] = 10;
        var rows = "to,name\n" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{(n % 3 == 0 ? "4770" : "4670")}{1_000_000 + n},N{n}\n"));
        await fixture.CreateAsync(rows);
        await fixture.TurnAsync();
        var sent = fixture.Send(fixture.A).Concat(fixture.Send(fixture.B)).ToList();
        var old = Snapshot(fixture);
        await fixture.TurnAsync();
        sent.AddRange(fixture.Send(fixture.A, 100));

        // As a power cut leaves it: the journal has texts of rows that the database does not know of.
        await fixture.KillAsync(() =>
        {
            if (cursorsAreBehind)
            {
                Restore(fixture, old);
            }
        });
        fixture.Rates["b"] = 1_000;
        for (var before = -1; before != sent.Count;)
        {
            before = sent.Count;
            sent.AddRange(await fixture.SendAllAsync(fixture.A));
            sent.AddRange(await fixture.SendAllAsync(fixture.B));
        }

        Assert.Equal(20_000, sent.Distinct().Count());
        Assert.Equal(20_000, sent.Count);
        Assert.Equal(20_000, fixture.Campaigns.Find(1)!.Passes.Sum(p => p.Taken));
        Assert.Equal(CampaignState.Done, fixture.Campaigns.Find(1)!.State);
    }

    [Fact]
    public async Task A_full_queue_is_waited_for()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        fixture.Engine.ChangeQueue("a", bound: 700);
        await fixture.CreateAsync(CampaignFixture.Rows(2_000));
        var sent = new List<string>();
        while (sent.Count < 2_000)
        {
            await fixture.TurnAsync();
            Assert.InRange(fixture.Engine.GetQueue("a")!.Live, 0, 700);
            sent.AddRange(fixture.Send(fixture.A));
        }

        Assert.Equal(2_000, sent.Distinct().Count());
        Assert.Equal(2_000, sent.Count);
    }

    [Fact]
    public async Task A_campaign_tells_its_story_in_the_log()
    {
        await using var fixture = await CampaignFixture.StartAsync();
        var campaign = await fixture.CreateAsync(CampaignFixture.Rows(3));
        await fixture.Campaigns.PauseAsync(campaign.Id, "me");
        await fixture.Campaigns.ResumeAsync(campaign.Id, "me");
        await fixture.SendAllAsync(fixture.A);
        await fixture.TurnAsync();
        var facts = new List<int>();
        fixture.Engine.Journal.Write();
        var reader = EventReader.From(fixture.Engine, 0, durableOnly: false);
        while (reader.ReadRecord((in EngineEvent item) => facts.AddRange(item.Kind == EntryKind.Event ? [item.Code] : [])))
        {
        }

        Assert.Equal([100, 101, 102, 104], facts);
    }

    private static Dictionary<string, byte[]> Snapshot(CampaignFixture fixture) =>
        Directory.GetFiles(Path.GetDirectoryName(fixture.Database)!, "campaigns.db*").ToDictionary(path => path, ReadShared);

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void Restore(CampaignFixture fixture, Dictionary<string, byte[]> files)
    {
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(fixture.Database)!, "campaigns.db*"))
        {
            File.Delete(path);
        }

        foreach (var (path, bytes) in files)
        {
            File.WriteAllBytes(path, bytes);
        }
    }
}
