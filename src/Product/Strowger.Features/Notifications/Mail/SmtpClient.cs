using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Strowger.Features.Notifications.Mail;

/// <summary>
/// Hands mails to a server (RFC 5321): EHLO, STARTTLS or TLS from the start, AUTH PLAIN or LOGIN (RFC 4954), one envelope, DATA. A connection
/// a mail: alarms are few. A password is only said over TLS.
/// </summary>
public sealed class SmtpClient(MailOptions options)
{
    /// <summary>One mail. Never throws for what the server or the network does.</summary>
    public async Task<SmtpResult> SendAsync(IReadOnlyList<string> to, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(to);
        try
        {
            return await ConverseAsync(to, content, cancel).ConfigureAwait(false);
        }
        catch (SmtpException ended)
        {
            return ended.Result;
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            return new SmtpResult(SmtpOutcome.Later, 0, e.Message);
        }
    }

    private async Task<SmtpResult> ConverseAsync(IReadOnlyList<string> to, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var smtp = await SmtpConnection.ConnectAsync(options.Host, options.Port, options.Timeout, cancel).ConfigureAwait(false);
        await using (smtp.ConfigureAwait(false))
        {
            var extensions = await GreetAsync(smtp, cancel).ConfigureAwait(false);
            if (options.User is not null)
            {
                await LogInAsync(smtp, extensions, cancel).ConfigureAwait(false);
            }

            Expect(await smtp.AskAsync($"MAIL FROM:<{options.From}>", cancel).ConfigureAwait(false), "MAIL FROM");
            var refused = await AddressAsync(smtp, to, cancel).ConfigureAwait(false);
            var go = await smtp.AskAsync("DATA", cancel).ConfigureAwait(false);
            if (go.Code != 354)
            {
                throw Failure(go, "DATA");
            }

            var taken = Expect(await smtp.SendContentAsync(content, cancel).ConfigureAwait(false), "the mail");
            await QuitAsync(smtp, cancel).ConfigureAwait(false);
            return new SmtpResult(SmtpOutcome.Taken, taken.Code, refused is null ? taken.Text : $"{taken.Text}; not for all: {refused}");
        }
    }

    private async Task<IReadOnlyList<string>> GreetAsync(SmtpConnection smtp, CancellationToken cancel)
    {
        if (options.Security == MailSecurity.Tls)
        {
            await smtp.StartTlsAsync(options.Host, Validation(), cancel).ConfigureAwait(false);
        }

        Expect(await smtp.ReadAsync(cancel).ConfigureAwait(false), "the connection");
        var extensions = await HelloAsync(smtp, cancel).ConfigureAwait(false);
        if (options.Security != MailSecurity.StartTls)
        {
            return extensions;
        }

        if (!extensions.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase))
        {
            throw new SmtpException(SmtpOutcome.Later, 0, "The server offers no STARTTLS; set Mail:Security to tls or none if that is right.");
        }

        Expect(await smtp.AskAsync("STARTTLS", cancel).ConfigureAwait(false), "STARTTLS");
        await smtp.StartTlsAsync(options.Host, Validation(), cancel).ConfigureAwait(false);
        return await HelloAsync(smtp, cancel).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> HelloAsync(SmtpConnection smtp, CancellationToken cancel)
    {
        var at = options.From.IndexOf('@', StringComparison.Ordinal);
        var hello = await smtp.AskAsync("EHLO " + options.From[(at + 1)..], cancel).ConfigureAwait(false);
        return [.. Expect(hello, "EHLO").Lines.Skip(1).Select(line => line.Trim())];
    }

    private async Task LogInAsync(SmtpConnection smtp, IReadOnlyList<string> extensions, CancellationToken cancel)
    {
        if (options.Security == MailSecurity.None)
        {
            throw new SmtpException(SmtpOutcome.Refused, 0, "A password is not said without TLS; set Mail:Security to starttls or tls.");
        }

        // "AUTH=" is how servers wrote it before RFC 4954.
        var line = extensions.FirstOrDefault(e => e.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase) || e.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase));
        var ways = (line?[5..] ?? string.Empty).ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var password = options.PasswordFile is null ? options.Password ?? string.Empty : File.ReadLines(options.PasswordFile).FirstOrDefault()?.TrimEnd('\r') ?? string.Empty;
        SmtpReply reply;
        if (ways.Contains("PLAIN"))
        {
            reply = await smtp.AskAsync("AUTH PLAIN " + Base64($"\0{options.User}\0{password}"), cancel).ConfigureAwait(false);
        }
        else if (ways.Contains("LOGIN"))
        {
            Expect(await smtp.AskAsync("AUTH LOGIN", cancel).ConfigureAwait(false), "AUTH");
            Expect(await smtp.AskAsync(Base64(options.User!), cancel).ConfigureAwait(false), "the user's name");
            reply = await smtp.AskAsync(Base64(password), cancel).ConfigureAwait(false);
        }
        else
        {
            throw new SmtpException(SmtpOutcome.Refused, 0, "The server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }

        if (reply.Code != 235)
        {
            // Somebody may be putting a new password in place: it is not the mail's fault.
            throw new SmtpException(SmtpOutcome.Later, reply.Code, $"The login was refused: {reply.Code} {reply.Text}");
        }
    }

    /// <returns>What was said to those not taken, when some were; all refused ends the conversation.</returns>
    private static async Task<string?> AddressAsync(SmtpConnection smtp, IReadOnlyList<string> to, CancellationToken cancel)
    {
        SmtpReply? bad = null;
        var taken = 0;
        foreach (var address in to)
        {
            var reply = await smtp.AskAsync($"RCPT TO:<{address}>", cancel).ConfigureAwait(false);
            taken += reply.IsGood ? 1 : 0;

            // A "later" outweighs a "never": with all of them refused the mail is tried again if one may still pass.
            bad = reply.IsGood || (bad is { Code: < 500 } && reply.Code >= 500) ? bad : reply;
        }

        return taken == 0 && bad is not null ? throw Failure(bad, "RCPT TO") : bad is null ? null : $"{bad.Code} {bad.Text}";
    }

    private static async Task QuitAsync(SmtpConnection smtp, CancellationToken cancel)
    {
        try
        {
            await smtp.AskAsync("QUIT", cancel).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has the mail; how it says goodbye does not matter.
        }
    }

    private RemoteCertificateValidationCallback? Validation()
    {
        if (options.TrustedCertificate is not { } path)
        {
            return null;
        }

        return (_, certificate, chain, errors) =>
        {
            if (errors == SslPolicyErrors.None)
            {
                return true;
            }

            if (certificate is not X509Certificate2 presented || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || chain is null)
            {
                return false;
            }

            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(path);
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(presented);
        };
    }

    private static SmtpReply Expect(SmtpReply reply, string what) => reply.IsGood ? reply : throw Failure(reply, what);

    private static SmtpException Failure(SmtpReply reply, string what) =>
        new(reply.Code >= 500 ? SmtpOutcome.Refused : SmtpOutcome.Later, reply.Code, $"The server answered {what} with {reply.Code} {reply.Text}");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
