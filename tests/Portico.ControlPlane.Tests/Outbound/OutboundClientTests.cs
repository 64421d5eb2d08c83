using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Outbound;

/// <summary>Receivers that behave badly, on real sockets.</summary>
public sealed class OutboundClientTests : IDisposable
{
    private static readonly OutboundLimits Limits = new(TimeSpan.FromSeconds(15), 1024);
    private static readonly OutboundAddresses Loopback = new([IPNetwork.Parse("127.0.0.0/8")]);
    private readonly SimHosts _hosts = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<OutboundClient> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_read()
    {
        await using var server = new RawServer(RawServer.Answer("HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi"));

        var answer = await SendAsync(server.Url());

        Assert.Equal((201, "hi", false), (answer.Status, Encoding.ASCII.GetString(answer.Body.Span), answer.IsCut));
        Assert.Equal(["b"], answer.Headers.GetValues("X-A"));
    }

    [Fact]
    public async Task An_address_that_is_not_public_is_not_called()
    {
        await using var server = new RawServer(RawServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        _hosts.Known["inside.example"] = IPAddress.Loopback;

        foreach (var host in (string[])["127.0.0.1", "inside.example", "[::1]", "[::ffff:127.0.0.1]"])
            Assert.Contains("not a public address", await ProblemAsync(server.Url(host), new OutboundAddresses([])), StringComparison.Ordinal);

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_name_that_changes_its_mind_gains_nothing()
    {
        await using var server = new RawServer(RawServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        // Allowed when it is judged, and another for whoever asks once more.
        var hosts = new ChangingHosts(IPAddress.Loopback, IPAddress.Parse("127.0.0.2"));
        using var client = new OutboundClient(hosts, new OutboundAddresses([IPNetwork.Parse("127.0.0.1/32")]), _time);

        await client.SendAsync(Post(server.Url("rebinding.example")), Limits, Token);

        Assert.Equal((1, 1), (hosts.Asked, server.Connections));
        await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(Post(server.Url("rebinding.example")), Limits, Token));
    }

    [Fact]
    public async Task Of_several_addresses_only_allowed_ones_are_called()
    {
        await using var server = new RawServer(RawServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        using var client = new OutboundClient(new ManyHosts([IPAddress.Parse("10.255.255.1"), IPAddress.Loopback]), Loopback, _time);

        Assert.True((await client.SendAsync(Post(server.Url("both.example")), Limits, Token)).IsSuccess);
    }

    [Fact]
    public async Task A_redirect_is_an_answer()
    {
        await using var server = new RawServer(RawServer.Answer("HTTP/1.1 302 Found\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n"));

        Assert.Equal(302, (await SendAsync(server.Url())).Status);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Of_an_endless_answer_the_beginning_is_read()
    {
        var ended = new TaskCompletionSource<long>();
        await using var server = new RawServer(async (stream, cancellationToken) =>
        {
            await RawServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")(stream, cancellationToken);
            var sent = 0L;
            try
            {
                for (var block = new byte[64 * 1024]; sent < 1 << 30; sent += block.Length)
                    await stream.WriteAsync(block, cancellationToken);
            }
            finally
            {
                ended.SetResult(sent);
            }
        });

        var answer = await SendAsync(server.Url());

        Assert.Equal((200, Limits.BodyBytes, true), (answer.Status, answer.Body.Length, answer.IsCut));
        Assert.InRange(await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Token), 0, 100 << 20);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_left()
    {
        var asked = new TaskCompletionSource();
        await using var server = new RawServer(async (stream, cancellationToken) =>
        {
            await RawServer.ReadHeadAsync(stream, cancellationToken);
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });

        var sending = ProblemAsync(server.Url(), Loopback);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        _time.Advance(Limits.Time);

        Assert.Equal("There was no response within 15 seconds.", await sending);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_one_all_the_same()
    {
        var answered = new TaskCompletionSource();
        await using var server = new RawServer(async (stream, cancellationToken) =>
        {
            await RawServer.Answer("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n")(stream, cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        await using var dripping = new RawServer(async (stream, cancellationToken) =>
        {
            await RawServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")(stream, cancellationToken);
            answered.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });

        Assert.Equal(204, (await SendAsync(server.Url())).Status);
        var sending = SendAsync(dripping.Url());
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        // The head may be on its way still: a time that is over before it came would be no answer.
        for (var passed = 0; passed < 300 && !sending.IsCompleted; passed++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(sending, Task.Delay(10, Token));
        }

        var answer = await sending;
        Assert.Equal((200, true), (answer.Status, answer.IsCut));
    }

    [Fact]
    public async Task What_is_not_TLS_or_not_trusted_is_told()
    {
        await using var plain = new RawServer((stream, cancellationToken) => stream.WriteAsync("HTTP/1.1 400 Bad\r\n\r\n"u8.ToArray(), cancellationToken).AsTask());
        using var certificate = SelfSigned();
        await using var untrusted = new RawServer(async (stream, cancellationToken) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
            await RawServer.ReadHeadAsync(tls, cancellationToken);
        });

        Assert.StartsWith("TLS failed", await ProblemAsync(plain.Url(scheme: "https"), Loopback), StringComparison.Ordinal);
        Assert.StartsWith("TLS failed", await ProblemAsync(untrusted.Url(scheme: "https"), Loopback), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: {0}\r\n\r\n")]
    public async Task What_does_not_speak_HTTP_is_told(string answer)
    {
        await using var server = new RawServer(RawServer.Answer(answer.Replace("{0}", new string('x', 100_000), StringComparison.Ordinal)));

        var problem = await ProblemAsync(server.Url(), Loopback);

        Assert.DoesNotContain("System.", problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_and_what_DNS_does_not_know_is_told()
    {
        int port;
        await using (var server = new RawServer(RawServer.Answer("")))
            port = server.Port;

        Assert.Contains("can't be reached", await ProblemAsync(new Uri($"http://127.0.0.1:{port}/"), Loopback), StringComparison.Ordinal);
        Assert.Contains("nowhere.example", await ProblemAsync(new Uri("http://nowhere.example/"), Loopback), StringComparison.Ordinal);
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private static HttpRequestMessage Post(Uri url) => new(HttpMethod.Post, url) { Content = new StringContent("{}") };

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private Task<OutboundAnswer> SendAsync(Uri url) => Client(Loopback).SendAsync(Post(url), Limits, Token);

    private async Task<string> ProblemAsync(Uri url, OutboundAddresses addresses) =>
        (await Assert.ThrowsAsync<OutboundException>(() => Client(addresses).SendAsync(Post(url), Limits, Token))).Message;

    private OutboundClient Client(OutboundAddresses addresses)
    {
        var client = new OutboundClient(_hosts, addresses, _time);
        _clients.Add(client);
        return client;
    }

    private sealed class ManyHosts(IReadOnlyList<IPAddress> addresses) : IHostLookup
    {
        public Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken) => Task.FromResult(addresses);
    }

    private sealed class ChangingHosts(IPAddress first, IPAddress then) : IHostLookup
    {
        public int Asked { get; private set; }

        public Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IPAddress>>([Asked++ == 0 ? first : then]);
    }
}
