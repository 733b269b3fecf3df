using System.Net;
using Microsoft.AspNetCore.Http;
using Strowger.Features.Access;
using Strowger.Records.Settings;

namespace Strowger.Features.Tests.Access;

public sealed class AccessTests : IDisposable
{
    private const string Admin = "correct-horse-battery";
    private static readonly IPAddress Somebody = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");
    private readonly string _directory = Directory.CreateTempSubdirectory("strowger-access-").FullName;
    private readonly StandingTime _time = new();
    private readonly SettingsStore _settings;
    private readonly ApiKeys _keys;
    private readonly ConsoleLogins _logins;

    public AccessTests()
    {
        _settings = SettingsStore.Open(_directory, _time);
        var failures = new FailedAttempts(_time);
        _keys = new ApiKeys(_settings, _time, failures, Admin);
        _logins = new ConsoleLogins(_settings, _time, failures);
    }

    public void Dispose()
    {
        _settings.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_key_is_shown_once_and_kept_as_a_hash()
    {
        var created = Create("ops");
        Assert.StartsWith("sk_", created.Secret, StringComparison.Ordinal);
        Assert.Equal(46, created.Secret.Length);
        Assert.StartsWith(created.Record.Prefix, created.Secret, StringComparison.Ordinal);
        Assert.Null(_keys.Create("ops", [Rights.All], null, null, "root"));
        foreach (var file in Directory.GetFiles(_directory))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(created.Secret, reader.ReadToEnd(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_keys_signing_secret_is_known_by_its_account_rotated_and_gone_with_it()
    {
        var created = Create("ops");
        var account = _keys.Verify(created.Secret, Somebody).Key!.Account;
        var first = created.Record.Signing!;
        Assert.Equal((first, null), (_keys.SigningOf(account), _keys.SigningOf("")));

        var second = _keys.RotateSigning("ops", "root")!.Signing!;
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal((first.Secret, _time.Now.AddDays(1)), (second.OldSecret, second.OldUntil));
        Assert.Equal(second, new ApiKeys(_settings, _time, new FailedAttempts(_time), null).SigningOf(account));
        Assert.Equal(second, _keys.SigningOf(account));
        Assert.Null(_keys.RotateSigning("nobody", "root"));

        _keys.Remove("ops", "root");
        Assert.Null(_keys.SigningOf(account));
        Assert.DoesNotContain(_settings.Audit.List(), entry => (entry.Before + entry.After).Contains("whsec_", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_has_its_rights_and_survives_a_restart()
    {
        var created = Create("ops", Rights.MessagesRead);
        var again = new ApiKeys(_settings, _time, new FailedAttempts(_time), null);
        var check = again.Verify(created.Secret, Somebody);
        Assert.Equal(KeyOutcome.Accepted, check.Outcome);
        Assert.True(check.Key!.May(Rights.MessagesRead));
        Assert.False(check.Key.May(Rights.MessagesWrite));
        Assert.Equal(KeyOutcome.Unknown, again.Verify(Admin, Somebody).Outcome);
        Assert.True(_keys.Verify(Admin, Somebody).Key!.May(Rights.KeysWrite));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk_")]
    [InlineData("correct-horse-batterx")]
    public void A_wrong_secret_is_unknown(string secret) => Assert.Equal(KeyOutcome.Unknown, _keys.Verify(secret, Somebody).Outcome);

    [Fact]
    public void A_secret_of_any_length_is_answered() =>
        Assert.Equal(KeyOutcome.Unknown, _keys.Verify(new string('\ud800', 100_000), Somebody).Outcome);

    [Fact]
    public void A_removed_or_expired_key_is_refused()
    {
        var removed = Create("a");
        Assert.True(_keys.Remove("a", "root"));
        Assert.False(_keys.Remove("a", "root"));
        Assert.Equal(KeyOutcome.Unknown, _keys.Verify(removed.Secret, Somebody).Outcome);

        var expiring = _keys.Create("b", [Rights.All], null, _time.Now.AddHours(1), "root")!;
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(expiring.Secret, Somebody).Outcome);
        _time.Now += TimeSpan.FromHours(1);
        Assert.Equal(KeyOutcome.Expired, _keys.Verify(expiring.Secret, Somebody).Outcome);
    }

    [Fact]
    public void Failures_are_limited_by_address_and_hold_back_guessing_the_right_one_too()
    {
        for (var i = 0; i < AccessLimits.FailuresPerMinute; i++)
        {
            Assert.Equal(KeyOutcome.Unknown, _keys.Verify("wrong", Somebody).Outcome);
        }

        var held = _keys.Verify(Admin, Somebody);
        Assert.Equal((KeyOutcome.TooManyFailures, TimeSpan.FromSeconds(6)), (held.Outcome, held.RetryAfter));
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(Admin, Other).Outcome);
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(Admin, null).Outcome);
        _time.Now += TimeSpan.FromSeconds(6);
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(Admin, Somebody).Outcome);
    }

    [Fact]
    public void A_key_used_from_an_address_before_is_not_locked_out_by_a_neighbour()
    {
        var created = Create("ops");
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(created.Secret, Somebody).Outcome);
        for (var i = 0; i < 50; i++)
        {
            _keys.Verify("wrong", Somebody);
        }

        Assert.Equal(KeyOutcome.TooManyFailures, _keys.Verify("wrong", Somebody).Outcome);
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(created.Secret, Somebody).Outcome);
    }

    [Fact]
    public void An_ipv6_customer_is_one_address_and_an_ipv4_one_is_itself_in_both_forms()
    {
        for (var i = 0; i < AccessLimits.FailuresPerMinute; i++)
        {
            _keys.Verify("wrong", IPAddress.Parse("2001:db8:1:2::" + i));
            _keys.Verify("wrong", Somebody.MapToIPv6());
        }

        Assert.Equal(KeyOutcome.TooManyFailures, _keys.Verify("wrong", IPAddress.Parse("2001:db8:1:2:ffff::1")).Outcome);
        Assert.Equal(KeyOutcome.Unknown, _keys.Verify("wrong", IPAddress.Parse("2001:db8:1:3::1")).Outcome);
        Assert.Equal(KeyOutcome.TooManyFailures, _keys.Verify("wrong", Somebody).Outcome);
        Assert.Equal(KeyOutcome.Unknown, _keys.Verify("wrong", IPAddress.Parse("c000:201::")).Outcome);
    }

    [Fact]
    public void Many_addresses_are_bounded_and_share_a_bucket()
    {
        var failures = new FailedAttempts(_time);
        for (var i = 0; i < AccessLimits.MaxAddresses + AccessLimits.FailuresPerMinute; i++)
        {
            failures.Failed(new IPAddress(i + 1));
        }

        Assert.False(failures.MayTry(new IPAddress(AccessLimits.MaxAddresses + 1000), out _));
        Assert.True(failures.MayTry(new IPAddress(1), out _));
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.True(failures.MayTry(new IPAddress(AccessLimits.MaxAddresses + 1000), out _));
    }

    [Fact]
    public void A_key_keeps_to_its_rate()
    {
        var created = _keys.Create("slow", [Rights.All], 2, null, "root")!;
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(created.Secret, Somebody).Outcome);
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(created.Secret, Somebody).Outcome);
        var check = _keys.Verify(created.Secret, Somebody);
        Assert.Equal((KeyOutcome.OverRate, TimeSpan.FromMilliseconds(500)), (check.Outcome, check.RetryAfter));
        Create("another");
        Assert.Equal(KeyOutcome.OverRate, _keys.Verify(created.Secret, Somebody).Outcome);
        _time.Now += TimeSpan.FromMilliseconds(500);
        Assert.Equal(KeyOutcome.Accepted, _keys.Verify(created.Secret, Somebody).Outcome);
    }

    [Fact]
    public void The_last_use_is_written_down()
    {
        var created = Create("ops");
        Create("idle");
        _keys.Verify(created.Secret, Somebody);
        _keys.SaveLastUses();
        Assert.Equal([null, _time.Now], _keys.List().Select(key => key.LastUsedAt));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("0123456789abcdef", true)]
    [InlineData("0123456789abcde", false)]
    [InlineData("0123456789 abcdef", false)]
    [InlineData("0123456789abcdefé", false)]
    public void The_admin_key_is_checked(string? value, bool fine)
    {
        var problem = AdminKey.Problem(value);
        Assert.Equal(fine, problem is null);
        Assert.DoesNotContain("0123456789", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_link_works_once_and_begins_a_session()
    {
        var token = _logins.CreateToken("ops");
        var session = _logins.Redeem(token, Somebody, out _);
        Assert.NotNull(session);
        Assert.Null(_logins.Redeem(token, Somebody, out var wait));
        Assert.Equal(TimeSpan.Zero, wait);
        Assert.Equal("ops", _logins.Find(session.Secret)!.Who);
        Assert.Null(_logins.Find(token));
        Assert.Null(_logins.Find(null));

        var cookie = ConsoleLogins.CookieOptions(session, overHttps: true);
        Assert.True(cookie is { HttpOnly: true, Secure: true, SameSite: SameSiteMode.Strict });
        _logins.End(session.Secret);
        Assert.Null(_logins.Find(session.Secret));
    }

    [Fact]
    public void Guessing_login_links_is_held_back()
    {
        for (var i = 0; i < AccessLimits.FailuresPerMinute; i++)
        {
            Assert.Null(_logins.Redeem("wrong" + i, Somebody, out _));
        }

        Assert.Null(_logins.Redeem(_logins.CreateToken("ops"), Somebody, out var wait));
        Assert.True(wait > TimeSpan.Zero);
    }

    private CreatedKey Create(string name, string right = Rights.All) => _keys.Create(name, [right], null, null, "root")!;

    private sealed class StandingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
