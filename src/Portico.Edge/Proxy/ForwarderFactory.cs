using Yarp.ReverseProxy.Forwarder;

namespace Portico.Edge.Proxy;

/// <summary>Creates YARP's forwarder and its settings. YARP's routing and clusters are not used, because routes change with every snapshot.</summary>
internal static class ForwarderFactory
{
    /// <summary>As on Render: a response may take 100 minutes. The time starts again whenever bytes move.</summary>
    public static ForwarderRequestConfig Ordinary { get; } = CreateConfig(TimeSpan.FromMinutes(100));

    /// <summary>The settings for websockets, which may be silent for any time.</summary>
    public static ForwarderRequestConfig Unlimited { get; } = CreateConfig(Timeout.InfiniteTimeSpan);

    /// <remarks>Its logger is empty: it would log every request that a client or a service aborts.</remarks>
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
            // Below the 2 s after which common servers close an idle connection, so that no request is sent while it closes.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1.5),
            RequestHeaderEncodingSelector = static (header, message) =>
            {
                Attempt.OnHeader(header, message);
                return System.Text.Encoding.Latin1;
            },
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
