using Strowger.Records.Settings;

namespace Strowger.Features.Access;

/// <summary>Links that show one message to somebody outside, read only, for a week.</summary>
public sealed class Shares(SettingsStore settings, TimeProvider time)
{
    /// <summary>The token for the link; kept only as a hash.</summary>
    public string Create(string subject, string who)
    {
        var token = Secrets.New();
        settings.Shares.Add(Secrets.Hash(token), subject, who, time.GetUtcNow() + AccessLimits.ShareLifetime);
        return token;
    }

    /// <returns>Null when unknown or its time is over.</returns>
    public ShareRecord? Find(string? token) =>
        token is { Length: > 0 and <= AccessLimits.MaxSecretLength } ? settings.Shares.Find(Secrets.Hash(token)) : null;
}
