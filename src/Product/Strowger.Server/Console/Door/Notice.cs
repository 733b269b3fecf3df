using System.Text;

namespace Strowger.Server.ConsolePage;

/// <summary>What became of a form, told once on the next page. In a cookie that no script reads and no other site sets.</summary>
internal sealed record Notice(Tone Tone, string Text)
{
    private const string CookieName = "strowger_notice";
    private const int MaxText = 600;

    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(60);

    public static Notice Done(string text) => new(Tone.Calm, text);

    public static Notice Failed(string text) => new(Tone.Trouble, text);

    public void Put(HttpContext context)
    {
        var text = Text.Length <= MaxText ? Text : Text[..MaxText];
        context.Response.Cookies.Append(CookieName, (int)Tone + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
            MaxAge = _lifetime,
            IsEssential = true,
        });
    }

    /// <summary>Takes it away as it is read.</summary>
    public static Notice? Take(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 1 and <= 4 * MaxText } value || value[0] is < '0' or > '2')
        {
            return null;
        }

        context.Response.Cookies.Delete(CookieName);
        var octets = new byte[value.Length];
        return Convert.TryFromBase64String(value[1..], octets, out var length) ? new Notice((Tone)(value[0] - '0'), Encoding.UTF8.GetString(octets, 0, length)) : null;
    }
}
