using System.Text;
using Strowger.Engine;
using Strowger.Features.Notifications.Mail;

namespace Strowger.Features.Tests.Notifications;

/// <summary>Mail to a server that does as told; real servers are in the system tests.</summary>
public sealed class MailTests
{
    [Fact]
    public async Task A_mail_is_one_envelope_and_one_readable_text()
    {
        await using var server = new ScriptedSmtp();

        var result = await new SmtpClient(Options(server)).SendAsync(
            ["a@example.com", "b@example.com"], MimeText.Write(new MailMessage(["a@example.com", "b@example.com"], "Är allt väl? " + new string('x', 90), ".dots\n.and ÅÄÖ 😀\n"), "strowger@example.com", "1@example.com", DateTimeOffset.UnixEpoch), CancellationToken.None);

        Assert.Equal((SmtpOutcome.Taken, 250), (result.Outcome, result.Code));
        Assert.Equal(
            ["EHLO example.com", "MAIL FROM:<strowger@example.com>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA"],
            server.Commands.Take(5));
        var content = server.Contents.Single();
        Assert.All(content.Split('\n'), line => Assert.True(line.Length <= 78 && line.All(char.IsAscii)));
        var (headers, body) = (content[..content.IndexOf("\n\n", StringComparison.Ordinal)], content[(content.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]);
        Assert.Contains("Date: Thu, 01 Jan 1970 00:00:00 +0000", headers, StringComparison.Ordinal);
        Assert.Contains("Message-ID: <1@example.com>", headers, StringComparison.Ordinal);
        Assert.Equal(".dots\r\n.and ÅÄÖ 😀\r\n", Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_subject_cannot_begin_another_header_and_no_line_of_it_is_too_long()
    {
        Assert.Equal("plain", MimeText.Header("plain"));
        Assert.Equal("one  Bcc: all@example.com", MimeText.Header("one\r\nBcc: all@example.com"));
        var words = MimeText.Header(string.Concat(Enumerable.Repeat("😀ä", 40))).Split("\r\n ");
        Assert.All(words, word => Assert.InRange(word.Length, 13, 75));
        Assert.Equal(
            string.Concat(Enumerable.Repeat("😀ä", 40)),
            string.Concat(words.Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2])))));
    }

    [Fact]
    public void A_line_that_begins_with_a_dot_gets_another()
    {
        Assert.Equal("..\r\na.b\r\n...c\r\n.\r\n", Encoding.ASCII.GetString(SmtpConnection.Stuffed(".\r\na.b\r\n..c"u8)));
    }

    [Theory]
    [InlineData("RCPT", "450 greylisted", SmtpOutcome.Later, 450)]
    [InlineData("RCPT", "550 no such user", SmtpOutcome.Refused, 550)]
    [InlineData("content", "552 too large", SmtpOutcome.Refused, 552)]
    [InlineData("MAIL", "", SmtpOutcome.Later, 0)]
    [InlineData("connect", "421 busy", SmtpOutcome.Later, 421)]
    [InlineData("EHLO", "hello there", SmtpOutcome.Later, 0)]
    public async Task What_the_server_says_decides(string command, string answer, SmtpOutcome outcome, int code)
    {
        await using var server = new ScriptedSmtp();
        server.Answer = line => line.StartsWith(command, StringComparison.Ordinal) ? answer : null;

        var result = await new SmtpClient(Options(server)).SendAsync(["a@example.com"], "x"u8.ToArray(), CancellationToken.None);

        Assert.Equal((outcome, code), (result.Outcome, result.Code));
    }

    [Fact]
    public async Task A_password_is_never_said_in_the_clear_and_tls_is_insisted_on()
    {
        await using var server = new ScriptedSmtp();
        server.Answer = line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-scripted\r\n250 AUTH PLAIN LOGIN" : null;

        var plain = await new SmtpClient(Options(server) with { User = "me", Password = "geheim" }).SendAsync(["a@example.com"], "x"u8.ToArray(), CancellationToken.None);
        var tls = await new SmtpClient(Options(server) with { Security = MailSecurity.StartTls, User = "me", Password = "geheim" }).SendAsync(["a@example.com"], "x"u8.ToArray(), CancellationToken.None);

        Assert.Equal((SmtpOutcome.Refused, SmtpOutcome.Later), (plain.Outcome, tls.Outcome));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal) || command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("night@example.com", true)]
    [InlineData("a.b+c@mx.example.com", true)]
    [InlineData("night", false)]
    [InlineData("@example.com", false)]
    [InlineData("a@b@example.com", false)]
    [InlineData("a@example.com>\r\nRCPT TO:<b@example.com", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("a..b@example.com", false)]
    [InlineData("å@example.com", false)]
    public void Only_plain_addresses_go_into_commands(string address, bool allowed) => Assert.Equal(allowed, MailAddress.IsOne(address));

    [Fact]
    public async Task A_queued_mail_is_tried_again_over_a_restart_and_the_same_key_goes_out_once()
    {
        var directory = Directory.CreateTempSubdirectory("strowger-mail-");
        await using var server = new ScriptedSmtp();
        var isDown = true;
        server.Answer = line => isDown && line.StartsWith("RCPT", StringComparison.Ordinal) ? "451 later" : null;
        var options = Options(server) with { FirstRetry = TimeSpan.FromMilliseconds(20), LastRetry = TimeSpan.FromMilliseconds(100) };
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using (var engine = JobEngine.Open(new EngineOptions { Directory = directory.FullName }, TimeProvider.System, new Random(1)))
        {
            await using var mail = new MailParts(engine, options, said.Enqueue);
            Assert.True(await mail.SendAsync(new MailMessage(["a@example.com"], "one", "text"), 7, CancellationToken.None));
            Assert.True(await mail.SendAsync(new MailMessage(["a@example.com"], "one", "text"), 7, CancellationToken.None));
            await Until.TrueAsync(() => said.Count > 1);
        }

        isDown = false;
        await using (var engine = JobEngine.Open(new EngineOptions { Directory = directory.FullName }, TimeProvider.System, new Random(1)))
        {
            await using var mail = new MailParts(engine, options, said.Enqueue);
            Assert.True(await mail.SendAsync(new MailMessage(["a@example.com"], "one", "text"), 7, CancellationToken.None));
            await Until.TrueAsync(() => engine.GetQueue(MailParts.QueueName) is { Live: 0, DoneTotal: 1 });
        }

        Assert.Contains("451 later", said.First(), StringComparison.Ordinal);
        Assert.Single(server.Contents);
        directory.Delete(recursive: true);
    }

    private static MailOptions Options(ScriptedSmtp server) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        Security = MailSecurity.None,
        From = "strowger@example.com",
        Timeout = TimeSpan.FromSeconds(10),
    };
}
