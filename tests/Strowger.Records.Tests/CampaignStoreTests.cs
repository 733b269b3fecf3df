using Strowger.Records.Campaigns;

namespace Strowger.Records.Tests;

public sealed class CampaignStoreTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-campaigns-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_campaign_is_kept_as_it_was_made_and_with_how_far_it_came()
    {
        CampaignRecord made;
        using (var store = CampaignStore.Open(_directory.FullName))
        {
            made = store.Add(Record(), [new RefusedRow(7, "invalid_number", "too short"), new RefusedRow(3, "empty", "no text")], default, default);
            store.SetState(made.Id, CampaignState.Paused, null);
            store.Save([new PassProgress(made.Id, 1, made.Passes[1] with { Row = 5, Offset = 99, Line = 6, Taken = 2 })], [(made.Id, new RefusedRow(9, "no_route", "gone"))], 4711);
        }

        using var again = CampaignStore.Open(_directory.FullName);
        var found = Assert.Single(again.Open());
        Assert.Equivalent(made with { State = CampaignState.Paused, Passes = [made.Passes[0], made.Passes[1] with { Row = 5, Offset = 99, Line = 6, Taken = 2 }] }, found);
        Assert.Equal([3, 7, 9], again.Refused(made.Id).Select(row => row.Line));
        Assert.Equal(4711, again.Position());
        again.SetState(made.Id, CampaignState.Done, DateTimeOffset.UnixEpoch.AddDays(3));
        Assert.Empty(again.Open());
        Assert.Equal([made.Id], again.EndedBefore(DateTimeOffset.UnixEpoch.AddDays(4)));
        Assert.Empty(again.EndedBefore(DateTimeOffset.UnixEpoch.AddDays(2)));
    }

    [Fact]
    public void Lists_go_backwards_in_pages_and_pass_over_what_a_kill_left_half_made()
    {
        using var store = CampaignStore.Open(_directory.FullName);
        for (var n = 0; n < 5; n++)
        {
            store.Add(Record() with { Name = "c" + n }, [], default, default);
        }

        store.Add(Record() with { State = CampaignState.Making }, [], default, default);
        Assert.Equal(["c4", "c3"], store.List(2).Select(c => c.Name));
        Assert.Equal(["c2", "c1", "c0"], store.List(10, before: 4).Select(c => c.Name));
        Assert.Null(store.Find(6));
        store.DropUnmade();
        Assert.Equal(5, store.List(10).Count);
    }

    [Fact]
    public void A_key_finds_its_campaign_for_its_time()
    {
        using var store = CampaignStore.Open(_directory.FullName);
        byte[] key = [1, 2, 3];
        var made = store.Add(Record(), [], key, new byte[] { 9 });

        Assert.Equal(made.Id, store.FindKey(key, DateTimeOffset.UnixEpoch)!.Id);
        Assert.Equal([9], store.FindKey(key, DateTimeOffset.UnixEpoch)!.Content.ToArray());
        Assert.Null(store.FindKey(key, DateTimeOffset.UnixEpoch.AddDays(1)));
        store.ForgetKey(key);
        Assert.Null(store.FindKey(key, DateTimeOffset.UnixEpoch));
        store.Add(Record(), [], key, new byte[] { 9 });
    }

    private static CampaignRecord Record() => new()
    {
        Name = "May",
        From = "12345",
        Text = "Hello {name}",
        Channel = "a",
        Rate = 12.5,
        Hours = new CampaignHours(540, 0, "Europe/Stockholm"),
        Columns = ["to", "name, first", "ü"],
        Delimiter = ';',
        Prefixes = ["46", "47"],
        Rows = 10,
        BadRows = 2,
        Parts = 9,
        FileBytes = 1234,
        CreatedAt = DateTimeOffset.UnixEpoch.AddHours(1),
        CreatedBy = "me",
        Passes = [new CampaignPass("Europe/Stockholm", "46", 3, 4, 0, 10, 2, 0, false), new CampaignPass("Europe/Oslo", "", 5, 5, 1, 30, 3, 0, false)],
    };
}
