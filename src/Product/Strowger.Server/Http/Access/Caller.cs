using System.Globalization;
using Strowger.Features.Access;

namespace Strowger.Server.Http.Access;

/// <summary>Who asks: a key, or somebody on this machine over the control socket.</summary>
internal sealed class Caller
{
    private readonly ApiKey? _key;

    public Caller(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
    }

    private Caller()
    {
    }

    /// <summary>The server's own user or root over the control socket.</summary>
    public static Caller Local { get; } = new();

    /// <summary>For the audit.</summary>
    public string Name => _key?.Name ?? "local";

    /// <summary>Whose Idempotency-Keys they are: names may be given again to another key, numbers are not.</summary>
    public string Scope => _key is null ? "local" : _key.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Kept with the texts it hands in; empty of one without a number.</summary>
    public string Account => _key?.Account ?? string.Empty;

    public bool IsAdmin => May(Rights.All);

    public bool May(string right) => _key is null || _key.May(right);
}
