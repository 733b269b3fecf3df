using System.Net;
using System.Text;
using Strowger.Features.Access;
using Strowger.Records.Settings;

namespace Strowger.Features.Tests.Access;

public sealed class UserTests : IDisposable
{
    private const string Good = "nine blue herons";
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private readonly string _directory = Directory.CreateTempSubdirectory("strowger-users-").FullName;
    private readonly StandingTime _time = new();
    private readonly SettingsStore _settings;
    private readonly ConsoleLogins _logins;
    private readonly Users _users;

    public UserTests()
    {
        _settings = SettingsStore.Open(_directory, _time);
        var failures = new FailedAttempts(_time);
        _logins = new ConsoleLogins(_settings, _time, failures);
        _users = new Users(_settings, _logins, _time, failures) { Iterations = 10 };
    }

    public void Dispose()
    {
        _users.Dispose();
        _settings.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>RFC 6238, appendix B (SHA-1), the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59L, "287082")]
    [InlineData(1111111109L, "081804")]
    [InlineData(1111111111L, "050471")]
    [InlineData(1234567890L, "005924")]
    [InlineData(2000000000L, "279037")]
    [InlineData(20000000000L, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.Code("12345678901234567890"u8, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    /// <summary>RFC 4648, 10, without padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_written_in_base_32(string plain, string text)
    {
        Assert.Equal(text, Totp.ToBase32(Encoding.ASCII.GetBytes(plain)));
        Assert.Equal(plain, Encoding.ASCII.GetString(Totp.FromBase32(text)!));
        Assert.Null(Totp.FromBase32("0189"));
    }

    [Fact]
    public async Task A_user_signs_in_with_the_role_they_have_now()
    {
        Assert.True(await _users.AddAsync("Ann", Role.Operator, Good, "root", default));
        Assert.False(await _users.AddAsync("ann", Role.Admin, Good, "root", default));
        Assert.Equal(SignInOutcome.Wrong, (await TryAsync("ann", "nine blue heron")).Outcome);
        Assert.Equal(SignInOutcome.Wrong, (await TryAsync("bob", Good)).Outcome);
        var session = (await TryAsync(" ANN ", Good)).Session!;
        Assert.Equal(("ann", "operator", true), Of(session));

        _users.SetRole("ann", Role.Support, "root");
        Assert.Equal(("ann", "support", true), Of(session));
        _users.SetOff("ann", true, "root");
        Assert.Null(_logins.Find(session.Secret));
        Assert.Equal(SignInOutcome.Wrong, (await TryAsync("ann", Good)).Outcome);
        _users.SetOff("ann", false, "root");
        Assert.NotNull(_logins.Find(session.Secret));

        await _users.SetPasswordAsync("ann", "ten green herons", "root", default);
        Assert.Null(_logins.Find(session.Secret));
        Assert.Equal(SignInOutcome.Accepted, (await TryAsync("ann", "ten green herons")).Outcome);
        Assert.DoesNotContain(_settings.Audit.List(), e => (e.Before + e.After).Contains("heron", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_is_asked_for_and_good_once()
    {
        await _users.AddAsync("ann", Role.Admin, Good, "root", default);
        var secret = Totp.NewSecret();
        Assert.False(_users.TurnCodesOn("ann", secret, "000000", "ann"));
        Assert.True(_users.TurnCodesOn("ann", secret, Totp.Code(secret, Totp.StepOf(_time.Now)), "ann"));
        Assert.Equal(SignInOutcome.CodeNeeded, (await TryAsync("ann", Good)).Outcome);
        Assert.Equal(SignInOutcome.WrongCode, (await TryAsync("ann", Good, "12345")).Outcome);
        var code = Totp.Code(secret, Totp.StepOf(_time.Now) - 1);
        Assert.Equal(SignInOutcome.Accepted, (await TryAsync("ann", Good, code)).Outcome);
        Assert.Equal(SignInOutcome.WrongCode, (await TryAsync("ann", Good, code)).Outcome);
        _time.Now += TimeSpan.FromSeconds(60);
        Assert.Equal(SignInOutcome.Accepted, (await TryAsync("ann", Good, Totp.Code(secret, Totp.StepOf(_time.Now)))).Outcome);
    }

    [Fact]
    public async Task Guesses_at_an_account_are_slowed_down_from_wherever_they_come()
    {
        await _users.AddAsync("ann", Role.Admin, Good, "root", default);
        for (var i = 0; i < AccessLimits.FailuresPerAccountAndMinute; i++)
        {
            Assert.Equal(SignInOutcome.Wrong, (await _users.SignInAsync("ann", "wrong", null, new IPAddress([198, 51, 100, (byte)i]), default)).Outcome);
        }

        var held = await TryAsync("ann", Good);
        Assert.Equal(SignInOutcome.TooMany, held.Outcome);
        Assert.InRange(held.RetryAfter.TotalSeconds, 1, 60);
        _time.Now += held.RetryAfter;
        Assert.Equal(SignInOutcome.Accepted, (await TryAsync("ann", Good)).Outcome);
    }

    [Fact]
    public async Task A_session_ends_when_idle_and_after_a_day_of_work()
    {
        await _users.AddAsync("ann", Role.Admin, Good, "root", default);
        var idle = (await TryAsync("ann", Good)).Session!;
        _time.Now += AccessLimits.SessionIdle;
        Assert.Null(_logins.Find(idle.Secret));

        var busy = (await TryAsync("ann", Good)).Session!;
        var end = _time.Now + AccessLimits.SessionLifetime;
        while (_time.Now + TimeSpan.FromHours(1) < end)
        {
            _time.Now += TimeSpan.FromHours(1);
            Assert.NotNull(_logins.Find(busy.Secret));
        }

        _time.Now = end;
        Assert.Null(_logins.Find(busy.Secret));
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("aaaaaaaaaaaaaaaa", false)]
    [InlineData("ann was here today", false)]
    [InlineData(Good, true)]
    public void A_password_is_long_and_not_the_name(string password, bool isFine) =>
        Assert.Equal(isFine, Users.PasswordProblem(password, "ann") is null);

    [Fact]
    public void A_forms_token_is_of_its_session()
    {
        var token = ConsoleLogins.FormToken("cookie");
        Assert.True(ConsoleLogins.IsFormToken("cookie", token));
        Assert.False(ConsoleLogins.IsFormToken("another", token));
        Assert.False(ConsoleLogins.IsFormToken("cookie", null));
    }

    [Fact]
    public void A_shared_link_shows_its_subject_for_its_time()
    {
        var shares = new Shares(_settings, _time);
        var token = shares.Create("msg_1", "ann");
        Assert.Equal(("msg_1", "ann"), (shares.Find(token)!.Subject, shares.Find(token)!.Who));
        Assert.Null(shares.Find("msg_1"));
        Assert.Null(shares.Find(null));
        _time.Now += AccessLimits.ShareLifetime;
        Assert.Null(shares.Find(token));
    }

    private Task<SignIn> TryAsync(string name, string password, string? code = null) => _users.SignInAsync(name, password, code, Home, default);

    private (string Who, string Role, bool IsUser) Of(ConsoleSession session)
    {
        var found = _logins.Find(session.Secret)!;
        return (found.Who, found.Role, found.IsUser);
    }

    private sealed class StandingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
