using System.Net;
using System.Text;
using Strowger.Features.Access;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Messaging.SmppDoor;

/// <summary>Clients that come, change and go while others are bound.</summary>
public sealed class DoorChangeTests
{
    [Fact]
    public async Task A_client_added_while_another_is_bound_binds_by_its_kept_password_and_by_no_other()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var old = rig.Bind();
        await old.BoundAsync();
        var added = new DoorClientSettings { SystemId = "new", PasswordHash = await ProgramSecrets.HashAsync("pa55", CancellationToken.None) };

        Assert.True(await rig.Door.AddAsync(added));

        Assert.False(await rig.Door.AddAsync(added));
        await using var wrong = rig.Bind("new", "pa56");
        await FlowFixture.UntilAsync(() => wrong.Client.LastStatus == CommandStatus.InvalidPassword);
        Assert.Equal(("wrong password", CommandStatus.InvalidPassword), (rig.Client("new").LastRefusal!.Reason, rig.Client("new").LastRefusal!.Status));
        await using var first = rig.Bind("new", "pa55");
        await using var second = rig.Bind("new", "pa55");
        Assert.Equal(0u, (await first.SubmitAsync()).Status);
        Assert.Equal(0u, (await second.SubmitAsync()).Status);
        await using var late = rig.Bind("new", "pa57");
        await FlowFixture.UntilAsync(() => late.Client.LastStatus == CommandStatus.InvalidPassword);
        Assert.Equal(BindState.Bound, old.Client.State);
        Assert.Equal(2, rig.Client("new").Accepted);
    }

    [Fact]
    public async Task Rate_and_numbers_count_at_once_for_those_who_are_bound()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();
        Assert.Equal(0u, (await esme.SubmitAsync()).Status);
        await FlowFixture.UntilAsync(() => rig.Carrier.Sessions.Any(s => s.IsBound));
        var settings = rig.Client("gw").Settings;

        Assert.True(await rig.Door.ChangeAsync(settings with { Rate = 0.001, Numbers = ["123"] }));

        Assert.Equal(0u, (await esme.SubmitAsync()).Status);
        Assert.Equal(CommandStatus.Throttled, (await esme.SubmitAsync()).Status);
        Assert.Contains("its rate", rig.Client("gw").LastRefusal!.Reason, StringComparison.Ordinal);
        TestCarrier.Text(rig.Carrier.Session, "46701112233", "STOP");
        await FlowFixture.UntilAsync(() => esme.Delivered.Count == 1);
        Assert.NotNull(rig.Door.Check(new DoorClientSettings { SystemId = "b", Password = "b", Numbers = ["123"] }));
        Assert.Null(rig.Door.Check(rig.Client("gw").Settings));

        await rig.Door.ChangeAsync(settings with { Rate = null });
        Assert.Equal(0u, (await esme.SubmitAsync()).Status);
        Assert.Equal(0u, (await esme.SubmitAsync()).Status);
        Assert.Equal(BindState.Bound, esme.Client.State);
    }

    [Fact]
    public async Task Who_may_not_stay_is_told_to_unbind_and_the_oldest_bind_stays()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var first = rig.Bind();
        await first.BoundAsync();
        await using var second = rig.Bind();
        await second.BoundAsync();
        var settings = rig.Client("gw").Settings;

        await rig.Door.ChangeAsync(settings with { Binds = 1 });
        await FlowFixture.UntilAsync(() => second.Client.LastStatus == CommandStatus.BindFailed);
        Assert.Equal(BindState.Bound, first.Client.State);
        Assert.Single(rig.Client("gw").Binds);

        await rig.Door.ChangeAsync(settings with { Binds = 1, Allow = [IPNetwork.Parse("10.0.0.0/8")] });
        await FlowFixture.UntilAsync(() => first.Client.LastStatus == CommandStatus.InvalidPassword);
        Assert.Equal("the address is not among those in Allow", rig.Client("gw").LastRefusal!.Reason);
        Assert.Equal("127.0.0.1", rig.Client("gw").LastRefusal!.Address);
        Assert.Empty(rig.Client("gw").Binds);
    }

    [Fact]
    public async Task Another_password_ends_its_binds_and_the_hash_of_the_same_one_does_not()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();
        await esme.BoundAsync();
        var settings = rig.Client("gw").Settings;

        await rig.Door.ChangeAsync(settings with { PasswordHash = await ProgramSecrets.HashAsync("secret", CancellationToken.None), Rate = 100 });
        Assert.Equal(0u, (await esme.SubmitAsync()).Status);
        Assert.Single(rig.Client("gw").Binds);

        await rig.Door.ChangeAsync(settings with { Password = null, PasswordHash = await ProgramSecrets.HashAsync("another", CancellationToken.None) });
        await FlowFixture.UntilAsync(() => esme.Client.LastStatus == CommandStatus.InvalidPassword);
        await using var again = rig.Bind("gw", "another");
        Assert.Equal(0u, (await again.SubmitAsync()).Status);
    }

    [Fact]
    public async Task A_client_that_is_removed_is_unbound_its_texts_go_on_and_its_receipts_wait_for_it()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind(mode: BindMode.Transmitter);
        var id = (await esme.SubmitAsync(registered: 1)).Id;
        await rig.SubmittedAsync();
        TestCarrier.Receipt(rig.Carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        await FlowFixture.UntilAsync(() => rig.Client("gw").Waiting == 1);
        var settings = rig.Client("gw").Settings;

        Assert.True(await rig.Door.RemoveAsync("gw"));

        Assert.False(await rig.Door.RemoveAsync("gw"));
        Assert.Empty(rig.Door.Clients);
        await FlowFixture.UntilAsync(() => esme.Client.LastStatus == CommandStatus.InvalidPassword);
        Assert.True(await rig.Door.AddAsync(settings));
        await using var back = rig.Bind();
        await FlowFixture.UntilAsync(() => back.Delivered.Count == 1);
        Assert.Contains(id, Encoding.ASCII.GetString(back.Delivered.First().Data), StringComparison.Ordinal);
    }
}
