using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Notifications;

/// <summary>Posts to a text's own address, checked by the library of the specification's authors (npm standardwebhooks 1.1.1).</summary>
[Trait("needs", "peer")]
public sealed class CallbackTests
{
    [Fact]
    public async Task A_callback_is_signed_with_the_secret_of_the_key_that_handed_its_text_in_also_after_a_kill()
    {
        using var directory = new TempDirectory();
        await using var receiver = Peer.Node("webhooks.js");
        var url = (await receiver.EventAsync("ready")).GetProperty("url").GetString()!;
        var config = JsonNode.Parse(Config.Of(new JsonObject { ["Name"] = "nowhere", ["Kind"] = "discard" }))!.AsObject();
        config["Webhooks"] = new JsonObject { ["AllowPrivate"] = true, ["FirstRetry"] = "200ms" };
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", config.ToJsonString()));
        using var admin = server.Connect();
        var made = (await admin.PostAsync("/v1/keys", """{"name":"shop","rights":["messages:write"]}""")).Expect(201);
        using var shop = new Api(server.Address, made.Text("secret"));
        await KnowAsync(receiver, "server", (await admin.GetAsync("/v1/webhooks/signing")).Expect(200).Text("secret")!);
        await KnowAsync(receiver, "first", made.Text("signing_secret")!);

        Assert.Equal(["first"], await SignersAsync(receiver, shop, url));
        Assert.Equal(["server"], await SignersAsync(receiver, admin, url));

        await KnowAsync(receiver, "second", (await admin.PostAsync("/v1/keys/shop/rotate-secret", "{}")).Expect(200).Text("signing_secret")!);
        Assert.Equal(["first", "second"], await SignersAsync(receiver, shop, url));

        server.Kill9();
        await server.RestartAsync();
        Assert.Equal(["first", "second"], await SignersAsync(receiver, shop, url));
    }

    private static async Task KnowAsync(NodePeer receiver, string name, string secret)
    {
        var before = receiver.Events("known").Count;
        await receiver.TellAsync(new JsonObject { ["name"] = name, ["secret"] = secret }.ToJsonString());
        await receiver.EventsAsync("known", before + 1);
    }

    /// <summary>The names of the secrets with which the post about a new text is signed.</summary>
    private static async Task<string[]> SignersAsync(NodePeer receiver, Api api, string url)
    {
        var before = receiver.Events("post").Count;
        var id = (await api.TextAsync("+46701234567", "hello", $"\"callback_url\":\"{url}/mine\"")).Expect(202).Id;
        await receiver.EventsAsync("post", before + 1);
        var post = receiver.Events("post")[before];
        Assert.Equal((id, "/mine", "message.sent"), (post.GetProperty("subject").GetString(), post.GetProperty("path").GetString(), post.GetProperty("type").GetString()));
        return [.. post.GetProperty("signed_by").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal)];
    }
}
