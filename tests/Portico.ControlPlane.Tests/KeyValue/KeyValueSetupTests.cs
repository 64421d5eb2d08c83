using System.Net;
using System.Net.Sockets;
using System.Text;
using Portico.ControlPlane.KeyValue;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.KeyValue;

public sealed class KeyValueSetupTests
{
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "another program may be using the port")]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", "still loading its data")]
    [InlineData("-ERR max number of clients reached\r\n", "no free connection")]
    [InlineData("$99999999999\r\n", "another program may be using the port")]
    [InlineData("*-7\r\n", "another program may be using the port")]
    [InlineData("$10\r\nshort", "is not reachable")]
    [InlineData("", "is not reachable")]
    public async Task Whatever_answers_becomes_a_clear_message(string reply, string message)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, reply);

        var exception = await ConfigureAsync(((IPEndPoint)listener.LocalEndpoint).Port);

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        await answering;
    }

    [Fact]
    public async Task What_cannot_be_reached_is_said_to_be_so() =>
        Assert.StartsWith(
            "Key Value 'guestbook-cache' at 127.0.0.1:1 is not reachable", (await ConfigureAsync(1)).Message, StringComparison.Ordinal);

    private static Task<DataStoreException> ConfigureAsync(int port) => Assert.ThrowsAsync<DataStoreException>(() =>
        new KeyValueServer(TestStore.SpecOf(port)).ConfigureAsync(
            new InstanceAddress("127.0.0.1", port), TestContext.Current.CancellationToken));

    private static async Task AnswerAsync(TcpListener listener, string reply)
    {
        using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes(reply), TestContext.Current.CancellationToken);
        socket.Shutdown(SocketShutdown.Send);
    }
}
