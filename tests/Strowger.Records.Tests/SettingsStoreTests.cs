using System.Security.Cryptography;
using Strowger.Records.Settings;

namespace Strowger.Records.Tests;

public sealed class SettingsStoreTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly TestTime _time = new();
    private SettingsStore _store;

    public SettingsStoreTests() => _store = SettingsStore.Open(_directory.Path, _time);

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Only_the_owner_may_read_the_file()
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        foreach (var file in Directory.GetFiles(_directory.Path, "settings.db*"))
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & Others);
        }
    }

    [Fact]
    public void Keys_are_added_listed_touched_and_removed()
    {
        var added = _store.Keys.Add(Key("ops"), "root");
        Assert.NotNull(added);
        Assert.Null(_store.Keys.Add(Key("ops"), "root"));
        _store.Keys.Touch([new(added.Id, _time.Now.AddMinutes(1))]);
        Reopen();
        var listed = Assert.Single(_store.Keys.List());
        Assert.Equal(_time.Now.AddMinutes(1), listed.LastUsedAt);
        Assert.Equal(["messages:write", "messages:read"], listed.Rights);
        Assert.Equal(2.5, listed.RatePerSecond);
        Assert.True(listed.Hash.Span.SequenceEqual(added.Hash.Span));
        Assert.Equal(added.Id, _store.Keys.Remove("ops", "root")!.Id);
        Assert.Null(_store.Keys.Remove("ops", "root"));
        Assert.Equal(["key.remove", "key.create"], _store.Audit.List().Select(entry => entry.Action));
    }

    [Fact]
    public void A_key_of_before_keys_signed_gets_its_secret_when_it_is_asked_for()
    {
        _store.Keys.Add(Key("old"), "root");
        Assert.Null(Assert.Single(_store.Keys.List()).Signing);
        var first = _store.Keys.SetSigning("old", key => KeySigning.After(key.Signing, _time.Now), "ops")!.Signing!;
        Assert.Equal((null, _time.Now + SigningSecret.OldLife), (first.OldSecret, first.OldUntil));
        var second = _store.Keys.SetSigning("old", key => KeySigning.After(key.Signing, _time.Now), "ops")!.Signing!;
        Assert.Equal(first.Secret, second.OldSecret);
        Reopen();
        Assert.Equal(second, Assert.Single(_store.Keys.List()).Signing);
        Assert.Null(_store.Keys.SetSigning("nobody", _ => second, "ops"));
    }

    [Fact]
    public void The_file_seeds_and_follows()
    {
        Assert.Empty(_store.Channels.Seed([Channel("a", "{\"Rate\":1}"), Channel("b", "{}")]));
        Assert.Empty(_store.Channels.Seed([Channel("c", "{}"), Channel("a", "{\"Rate\":2}")]));
        Assert.Equal(["c", "a"], _store.Channels.List().Select(channel => channel.Name));
        Assert.Equal("{\"Rate\":2}", _store.Channels.List()[1].SettingsJson);
        Assert.Equal(5, _store.Audit.List().Count);
    }

    [Fact]
    public void What_was_changed_live_wins_over_the_file()
    {
        _store.Channels.Seed([Channel("a", "{\"Rate\":1}"), Channel("b", "{}")]);
        Assert.True(_store.Channels.Change("a", "smpp", "{\"Rate\":9}", "ops"));
        Assert.True(_store.Channels.Remove("b", "ops"));
        Assert.True(_store.Channels.Add("live", "discard", "{}", "ops"));
        Reopen();
        Assert.Equal(["a", "b"], _store.Channels.Seed([Channel("a", "{\"Rate\":1}"), Channel("b", "{}")]));
        Assert.Equal(["a", "live"], _store.Channels.List().Select(channel => channel.Name));
        Assert.Equal("{\"Rate\":9}", _store.Channels.List()[0].SettingsJson);
        Assert.Equal(SettingSource.Live, _store.Channels.List()[0].Source);
    }

    [Fact]
    public void A_removed_channel_may_come_back_after_the_file_dropped_it()
    {
        _store.Channels.Seed([Channel("a", "{}")]);
        _store.Channels.Remove("a", "ops");
        _store.Channels.Seed([]);
        _store.Channels.Seed([Channel("a", "{}")]);
        Assert.Single(_store.Channels.List());
        Assert.False(_store.Channels.Add("a", "smpp", "{}", "ops"));
        Assert.False(_store.Channels.Change("none", "smpp", "{}", "ops"));
        Assert.False(_store.Channels.Remove("none", "ops"));
    }

    [Fact]
    public void The_audit_shows_no_password_and_that_it_is_another_one()
    {
        _store.Channels.Add("a", "smpp", "{\"Host\":\"h\",\"Password\":\"hunter2\"}", "ops");
        _store.Channels.Change("a", "smpp", "{\"Host\":\"i\",\"Password\":\"hunter3\"}", "ops");
        var change = _store.Audit.List()[0];
        Assert.Equal(("ops", "channel.change", "a"), (change.Who, change.Action, change.Subject));
        Assert.Equal("{\"Host\":\"h\",\"Password\":\"***\"}", change.Before);
        Assert.Equal("{\"Host\":\"i\",\"Password\":\"*** (another)\"}", change.After);
        Assert.DoesNotContain("hunter", change.Before + change.After, StringComparison.Ordinal);
        Assert.Contains("hunter3", _store.Channels.List()[0].SettingsJson, StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_keep_prefixes_and_order_of_channels()
    {
        _store.Routes.Add("nordic", ["46", "47"], ["b", "a"], "ops");
        Reopen();
        var route = Assert.Single(_store.Routes.List());
        Assert.Equal(["46", "47"], route.Prefixes);
        Assert.Equal(["b", "a"], route.Channels);
    }

    [Fact]
    public void Values_are_set_removed_and_audited_once()
    {
        _store.Values.Set("queue.sms.width", "10", "ops");
        _store.Values.Set("queue.sms.width", "10", "ops");
        Assert.Equal("10", _store.Values.Get("queue.sms.width"));
        _store.Values.Set("queue.sms.width", null, "ops");
        Assert.Null(_store.Values.Get("queue.sms.width"));
        Assert.Empty(_store.Values.All());
        Assert.Equal(2, _store.Audit.List().Count);
    }

    [Fact]
    public void A_login_token_works_once_and_for_its_time()
    {
        var token = SHA256.HashData("t"u8);
        _store.Logins.AddToken(token, "ops", _time.Now.AddMinutes(15));
        Assert.Equal("ops", _store.Logins.TakeToken(token));
        Assert.Null(_store.Logins.TakeToken(token));

        _store.Logins.AddToken(token, "ops", _time.Now.AddMinutes(15));
        _time.Now += TimeSpan.FromMinutes(15);
        Assert.Null(_store.Logins.TakeToken(token));
    }

    [Fact]
    public void Sessions_end_and_are_bounded()
    {
        for (var i = 0; i <= RecordsLimits.MaxLoginTokens; i++)
        {
            _time.Now += TimeSpan.FromMilliseconds(1);
            _store.Logins.AddToken(SHA256.HashData([(byte)i]), "ops", _time.Now.AddMinutes(15));
        }

        Assert.Null(_store.Logins.TakeToken(SHA256.HashData([0])));
        Assert.NotNull(_store.Logins.TakeToken(SHA256.HashData([1])));

        var session = SHA256.HashData("s"u8);
        _store.Logins.AddSession(session, "ops", _time.Now.AddHours(12));
        Assert.Equal("ops", _store.Logins.FindSession(session)!.Who);
        Assert.True(_store.Logins.RemoveSession(session));
        Assert.Null(_store.Logins.FindSession(session));
    }

    [Fact]
    public void A_users_session_has_the_role_they_have_and_ends_with_them()
    {
        var (link, own) = (SHA256.HashData("link"u8), SHA256.HashData("own"u8));
        _store.Logins.AddSession(link, "ann", _time.Now.AddHours(12));
        _store.Logins.AddSession(own, "ann", _time.Now.AddHours(12), role: null);
        Assert.Null(_store.Logins.FindSession(own));
        Assert.True(_store.Users.Add("ann", "support", "hash", "ops"));
        Assert.Equal(("support", true), (_store.Logins.FindSession(own)!.Role, _store.Logins.FindSession(own)!.IsUser));
        Assert.Equal(["admin", "support"], _store.Logins.ListSessions().Select(s => s.Session.Role).Order());
        _store.Users.SetRole("ann", "operator", "ops");
        Assert.Equal("operator", _store.Logins.FindSession(own)!.Role);
        _store.Users.Remove("ann", "ops");
        Assert.Null(_store.Logins.FindSession(own));
        Assert.Equal("admin", _store.Logins.FindSession(link)!.Role);
        _time.Now = _time.Now.AddHours(1);
        Assert.Null(_store.Logins.FindSession(link, TimeSpan.FromHours(1)));
        _store.Logins.TouchSession(link);
        Assert.NotNull(_store.Logins.FindSession(link, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Shared_links_are_listed_and_ended()
    {
        _store.Shares.Add(SHA256.HashData("a"u8), "msg_1", "ann", _time.Now.AddDays(7));
        var link = Assert.Single(_store.Shares.List());
        Assert.Equal("msg_1", link.Share.Subject);
        Assert.True(_store.Shares.Remove(Convert.FromHexString(link.Id), "ops"));
        Assert.False(_store.Shares.Remove(Convert.FromHexString(link.Id), "ops"));
        Assert.Equal(["message.unshare", "message.share"], _store.Audit.List().Select(e => e.Action));
    }

    [Fact]
    public void The_audit_pages_backwards()
    {
        for (var i = 0; i < 5; i++)
        {
            _store.Audit.Add("ops", "queue.pause", "q" + i);
        }

        var first = _store.Audit.List(limit: 3);
        Assert.Equal(["q4", "q3", "q2"], first.Select(entry => entry.Subject));
        Assert.Equal(["q1", "q0"], _store.Audit.List(3, first[^1].Id).Select(entry => entry.Subject));
    }

    private static ChannelRecord Channel(string name, string json) => new(name, "smpp", json, SettingSource.File, 0);

    private ApiKeyRecord Key(string name) => new(
        0, name, SHA256.HashData("secret"u8), "sk_abc", ["messages:write", "messages:read"], 2.5, null, _time.Now, null);

    private void Reopen()
    {
        _store.Dispose();
        _store = SettingsStore.Open(_directory.Path, _time);
    }
}
