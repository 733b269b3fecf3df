using System.Net;
using System.Text;
using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Kannel;

namespace Strowger.Server.Tests.Http;

/// <summary>Kannel's sendsms: what its arguments become, and who gets in.</summary>
public sealed class SendSmsTests
{
    private const string Enough = "to=46701112233&from=12345&text=hi";
    private static readonly KannelUser _user = new() { Username = "shop", Password = "geheim" };
    private static readonly IPAddress _remote = IPAddress.Parse("192.0.2.7");

    [Fact]
    public void Arguments_become_the_fields_of_a_message()
    {
        var message = Read("to=0046-70-1112233&from=Shop&text=f%E5r&charset=ISO-8859-1&smsc=a&priority=3&validity=5&deferred=10&dlr-mask=3&dlr-url=http%3A%2F%2Fx%2Fr%3Ft%3D%25d").Single();
        Assert.Equal(("46701112233", "Shop", "får"), (Of(message, "to"), Of(message, "from"), Of(message, "text")));
        Assert.Equal(("a", "urgent", 300), (Of(message, "channel"), Of(message, "priority"), message.GetProperty("expires_in").GetInt32()));
        Assert.True(message.GetProperty("send_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(8));
        var report = KannelReport.Parse(Of(message, "callback_url")!)!;
        Assert.Equal(("http://x/r?t=%d", 3, "shop", "0046-70-1112233", "Shop"), (report.Url, report.Mask, report.User, report.To, report.From));
    }

    [Theory]
    [InlineData("text=%C3%A5", "text", "å")]
    [InlineData("text=%00%E5&coding=2", "text", "å")]
    [InlineData("text=%C3%A5&coding=2&charset=utf-8", "text", "å")]
    [InlineData("text=%80&charset=windows-1252", "text", "€")]
    [InlineData("text=a%zzb%2", "text", "a%zzb%2")]
    [InlineData("text=%00%ff%10&coding=1", "data_hex", "00ff10")]
    public void Texts_and_octets_are_read_as_their_coding_and_charset_say(string query, string field, string value) =>
        Assert.Equal(value, Of(Read("to=46701112233&from=1234&" + query).Single(), field));

    [Theory]
    [InlineData("from=1&text=x", "Missing receiver number, rejected")]
    [InlineData("to=+&from=1&text=x", "Empty receiver number not allowed, rejected")]
    [InlineData("to=0701112233&from=1&text=x", "Number(s) has/have been denied")]
    [InlineData("to=46701112233&text=x", "Sender missing")]
    [InlineData("to=46701112233&from=1234", "Text missing")]
    [InlineData(Enough + "&coding=3", "Coding field misformed")]
    [InlineData(Enough + "&coding=99999999999", "Coding field misformed")]
    [InlineData(Enough + "&mclass=0", "MClass field is not carried")]
    [InlineData(Enough + "&udh=%01%02", "UDH field is not carried")]
    [InlineData(Enough + "&udh=%05%02", "UDH field misformed")]
    [InlineData(Enough + "&dlr-mask=31&dlr-url=ftp://x/", "DLR-URL field misformed")]
    [InlineData(Enough + "&dlr-mask=31&dlr-url=http://me:pw@x/", "DLR-URL field misformed")]
    [InlineData("to=46701112233&from=1&text=%FF", "Charset or body misformed")]
    [InlineData("to=46701112233&from=1&text=x&charset=klingon", "Charset or body misformed")]
    public void Mistakes_are_answered_in_Kannels_words(string query, string words)
    {
        Assert.Null(Reader(query, _user).Read(out var wrong));
        Assert.StartsWith(words, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_receivers_are_several_messages_and_those_that_are_no_numbers_are_named()
    {
        var reader = Reader("to=46701112233+x+46701112234&text=hi&from=9999&smsc=other", _user with { ForcedSender = "1234", ForcedChannel = "own" });
        var messages = reader.Read(out _)!.ConvertAll(message => Parse(message.Json));
        Assert.Equal(["46701112233", "46701112234"], messages.ConvertAll(message => Of(message, "to")!));
        Assert.All(messages, message => Assert.Equal(("1234", "own"), (Of(message, "from"), Of(message, "channel"))));
        Assert.Equal("x", Assert.Single(reader.Denied));
    }

    [Fact]
    public void Wrong_passwords_names_and_addresses_are_refused_and_held_back_after_a_while()
    {
        var users = new SendSmsUsers([_user, _user with { Username = "near", Allow = [IPNetwork.Parse("127.0.0.0/8")] }], new FailedAttempts(TimeProvider.System));
        Assert.Equal(SendSmsEntry.Accepted, Enter("shop", "geheim"));
        Assert.Equal(SendSmsEntry.Accepted, users.Enter("near", "geheim"u8.ToArray(), IPAddress.Parse("::ffff:127.0.0.1"), out _, out _));
        foreach (var (name, password) in ((string?, string?)[])[("shop", "Geheim"), ("Shop", "geheim"), ("near", "geheim"), ("shop", null), (null, null), ("shop", new string('x', 5000))])
        {
            Assert.Equal(SendSmsEntry.Refused, Enter(name, password));
        }

        for (var i = 0; i < AccessLimits.FailuresPerMinute; i++)
        {
            Enter("shop", "guess");
        }

        Assert.Equal(SendSmsEntry.HeldBack, Enter("shop", "geheim"));
        Assert.Equal(SendSmsEntry.Accepted, users.Enter("shop", "geheim"u8.ToArray(), IPAddress.Parse("198.51.100.1"), out _, out _));

        SendSmsEntry Enter(string? name, string? password) => users.Enter(name, password is null ? null : Encoding.UTF8.GetBytes(password), _remote, out _, out _);
    }

    [Theory]
    [InlineData("shop", "kannel:shop")]
    [InlineData("åäöåäöåäöåäöåäöåäöåäöåäöåäöåäöåäö", "kannel")]
    public void Texts_say_who_handed_them_in(string name, string account) => Assert.Equal(account, (_user with { Username = name }).Account);

    private static SendSmsReader Reader(string query, KannelUser user)
    {
        var arguments = new CgiArguments();
        arguments.Add(query);
        return new SendSmsReader(arguments, user, TimeProvider.System);
    }

    private static List<JsonElement> Read(string query)
    {
        var messages = Reader(query, _user).Read(out var wrong);
        Assert.Null(wrong);
        return messages!.ConvertAll(message => Parse(message.Json));
    }

    private static JsonElement Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string? Of(JsonElement message, string field) => message.GetProperty(field).GetString();
}
