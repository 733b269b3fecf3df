namespace Strowger.Records.Settings;

/// <summary>What signs posts to the <c>callback_url</c> of texts that an API key handed in.</summary>
/// <param name="Secret">Such as <c>whsec_…</c>; in the clear, since it is needed for each post.</param>
/// <param name="OldSecret">What signed before, if it was the key's own; null: the server's.</param>
/// <param name="OldUntil">Until then that signs beside it; null: nothing does.</param>
public sealed record KeySigning(string Secret, string? OldSecret, DateTimeOffset? OldUntil)
{
    /// <summary>A new secret; what signed before goes on beside it for a day.</summary>
    public static KeySigning After(KeySigning? old, DateTimeOffset now) => new(SigningSecret.New(), old?.Secret, now + SigningSecret.OldLife);

    /// <summary>Without the secrets, which must reach no log.</summary>
    public override string ToString() => nameof(KeySigning);
}
