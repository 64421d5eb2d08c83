using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>YARP's forwarder and how it is set up. Its routing and clusters are not used: ours change with every snapshot.</summary>
internal static class Forwarding
{
    /// <summary>As on Render: a response may take 100 minutes. The time starts anew whenever bytes move.</summary>
    public static ForwarderRequestConfig Ordinary { get; } = CreateConfig(TimeSpan.FromMinutes(100));

    /// <summary>For websockets: a silent connection is fine.</summary>
    public static ForwarderRequestConfig Unlimited { get; } = CreateConfig(Timeout.InfiniteTimeSpan);

    /// <remarks>It would log every request that a client or a service gives up; nobody needs that at the edge.</remarks>
    public static IHttpForwarder CreateForwarder()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddHttpForwarder();
        return services.BuildServiceProvider().GetRequiredService<IHttpForwarder>();
    }

    public static HttpMessageInvoker CreateInvoker(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) =>
        new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectCallback = connect,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Below the 2 s after which common servers close an idle connection, lest a request meets the closing.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1.5),
            RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => System.Text.Encoding.Latin1,
        });

    private static ForwarderRequestConfig CreateConfig(TimeSpan activityTimeout) => new()
    {
        ActivityTimeout = activityTimeout,
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        AllowResponseBuffering = false,
    };
}
