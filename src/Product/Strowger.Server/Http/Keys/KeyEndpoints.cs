using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Records;
using Strowger.Records.Settings;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Keys;

/// <summary>API keys: made, listed, removed, and what signs for the callbacks of their texts. A secret is seen once.</summary>
internal sealed class KeyEndpoints(HttpServices services)
{
    private const string Path = "/v1/keys";
    private const double MaxRate = 1_000_000;

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.KeysWrite, ListAsync),
        new("POST", Path, Rights.KeysWrite, CreateAsync),
        new("DELETE", Path + "/{name}", Rights.KeysWrite, RemoveAsync),
        new("POST", Path + "/{name}/rotate-secret", Rights.KeysWrite, RotateAsync),
    ];

    /// <summary>At most <see cref="RecordsLimits.MaxKeys"/>, in memory anyway; in order of names.</summary>
    private Task ListAsync(HttpContext context, Caller caller) => PageAnswer.ListAsync(
        context, [.. services.Keys.List().OrderBy(key => key.Name, StringComparer.Ordinal)], static key => key.Name, static (writer, key) =>
        {
            writer.WriteStartObject();
            WriteMembers(writer, key);
            writer.WriteEndObject();
        });

    private async Task CreateAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "name", "rights", "rate", "expires_at").ConfigureAwait(false);
        var name = body.Required("name", RecordsLimits.MaxNameLength, "1 to 64 characters that say what the key is for");
        var rights = body.Texts("rights", Rights.Known.Count) ?? [Rights.All];
        var rate = body.Number("rate", 0.001, MaxRate);
        var expires = body.Time("expires_at");
        CheckRights(body, rights, caller);
        if (expires <= services.Time.GetUtcNow())
        {
            body.Fail("out_of_range", "expires_at", "it is over already");
        }

        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
        else if (services.Keys.Create(name, [.. rights.Distinct()], rate, expires, caller.Name) is not { } created)
        {
            await ProblemAnswer.WriteAsync(context, "name_taken", $"There is a key '{name}' already, or there are {RecordsLimits.MaxKeys}. Take another name, or remove one.", "name").ConfigureAwait(false);
        }
        else
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, created, static (writer, created) =>
            {
                writer.WriteStartObject();
                WriteMembers(writer, created.Record);
                writer.WriteString("secret"u8, created.Secret);
                writer.WriteString("signing_secret"u8, created.Record.Signing!.Secret);
                writer.WriteEndObject();
            }).ConfigureAwait(false);
        }
    }

    private Task RotateAsync(HttpContext context, Caller caller) => services.Keys.RotateSigning((string)context.Request.RouteValues["name"]!, caller.Name) is { } changed
        ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, changed, static (writer, key) =>
        {
            writer.WriteStartObject();
            WriteMembers(writer, key);
            writer.WriteString("signing_secret"u8, key.Signing!.Secret);
            writer.WriteEndObject();
        })
        : ProblemAnswer.WriteAsync(context, "not_found", "There is no key of that name. Texts of the key from STROWGER_ADMIN_KEY are signed for with the server's secret: GET /v1/webhooks/signing.");

    private Task RemoveAsync(HttpContext context, Caller caller) => services.Keys.Remove((string)context.Request.RouteValues["name"]!, caller.Name)
        ? JsonAnswer.NoContentAsync(context)
        : ProblemAnswer.WriteAsync(context, "not_found", "There is no key of that name. The key from STROWGER_ADMIN_KEY is not kept and cannot be removed.");

    /// <summary>Nobody gives what he does not have.</summary>
    private static void CheckRights(RequestObject body, IReadOnlyList<string> rights, Caller caller)
    {
        if (rights.Count == 0)
        {
            body.Fail("invalid_value", "rights", "the list is empty; allowed are " + string.Join(", ", Rights.Known));
        }

        foreach (var right in rights)
        {
            if (!Rights.Known.Contains(right))
            {
                body.Fail("invalid_value", "rights", $"there is no right '{right}'; known are {string.Join(", ", Rights.Known)}");
            }
            else if (!caller.May(right))
            {
                body.Fail("forbidden", "rights", $"the key '{caller.Name}' does not have {right} itself");
            }
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, ApiKeyRecord key)
    {
        writer.WriteString("name"u8, key.Name);
        writer.WriteString("prefix"u8, key.Prefix);
        writer.WriteTexts("rights"u8, key.Rights);
        writer.WriteNumberOrNull("rate"u8, key.RatePerSecond);
        writer.WriteTime("expires_at"u8, key.ExpiresAt);
        writer.WriteTime("created_at"u8, key.CreatedAt);
        writer.WriteTime("last_used_at"u8, key.LastUsedAt);
        writer.WriteBoolean("has_signing_secret"u8, key.Signing is not null);
        writer.WriteTime("old_signing_secret_until"u8, key.Signing?.OldUntil);
    }
}
