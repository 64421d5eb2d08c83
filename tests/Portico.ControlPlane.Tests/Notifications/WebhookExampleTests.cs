using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.State;
using Portico.Core.Notifications;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Notifications;

/// <summary>The receiver that the documentation shows, run by Node.js and sent real messages.</summary>
public sealed partial class WebhookExampleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_takes_what_is_genuine_and_refuses_what_is_not()
    {
        var page = await File.ReadAllTextAsync(SourceTree.PathOf("docs/notifications.md"), Token);
        var (secret, port) = (WebhookSignature.NewSecret(), FreePort.Find());
        var script = Path.Combine(Path.GetTempPath(), $"portico-{Path.GetRandomFileName()}.mjs");
        await File.WriteAllTextAsync(script, Script().Match(page).Groups[1].Value, Token);
        using var node = Start(script, secret, port);
        try
        {
            await UntilListeningAsync(port);
            using var outbound = new OutboundClient(new SystemHostLookup(), new OutboundAddresses([IPNetwork.Parse("127.0.0.0/8")]), TimeProvider.System);
            var sender = new WebhookSender(outbound, TimeProvider.System);

            var genuine = await sender.SendAsync(Delivery(), Webhook(secret, port), Token);
            var forged = await sender.SendAsync(Delivery(), Webhook(WebhookSignature.NewSecret(), port), Token);

            Assert.Equal((AttemptOutcome.Accepted, 204), (genuine.Outcome, genuine.StatusCode));
            Assert.Equal((AttemptOutcome.Failed, 401), (forged.Outcome, forged.StatusCode));
            Assert.Equal("deploy_ended crème succeeded", await node.StandardOutput.ReadLineAsync(Token));
        }
        finally
        {
            node.Kill();
            await node.WaitForExitAsync(CancellationToken.None);
            File.Delete(script);
        }
    }

    private static Process Start(string script, string secret, int port)
    {
        var start = new ProcessStartInfo("node", [script]) { RedirectStandardOutput = true };
        (start.Environment["WEBHOOK_SECRET"], start.Environment["PORT"]) = (secret, $"{port}");
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("Node.js is not installed.");
            throw;
        }
    }

    private static DeliveryRow Delivery()
    {
        var told = new EventRow
        {
            Id = "evt-1",
            ResourceId = "srv-1",
            Type = "deploy_ended",
            At = DateTimeOffset.UnixEpoch,
            Details = """{"deployStatus":"succeeded"}""",
            OnceKey = "",
        };
        return new EventResource("srv-1", "tea-1", "crème").Delivery(told, "whk-1", null, WebhookMessage.Of(told, "crème"), DateTimeOffset.UnixEpoch);
    }

    private static WebhookRow Webhook(string secret, int port) => new()
    {
        Id = "whk-1",
        WorkspaceId = "tea-1",
        Name = "",
        Url = $"http://127.0.0.1:{port}/",
        Secret = secret,
        Enabled = true,
        EventFilter = "",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task UntilListeningAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, Token);
                return;
            }
            catch (SocketException) when (attempt < 300)
            {
                await Task.Delay(100, Token);
            }
        }
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
