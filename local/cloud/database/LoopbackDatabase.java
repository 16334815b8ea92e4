import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local on the loopback interface, with its data in the folder that the argument names.
 *
 * Its own main class listens on every interface of the machine, cannot choose a free port, and
 * keeps running after its parent process has ended. This class prints its port, and ends when its
 * standard input closes. Java runs it from source; it needs only the libraries of DynamoDB Local.
 */
public final class LoopbackDatabase {
  public static void main(String[] arguments) throws Exception {
    var requests = new LocalDynamoDBRequestHandler(0, false, arguments[0], true, false);
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(new ContextHandler(new LocalDynamoDBServerHandler(requests, null)));
    server.start();
    System.out.println("listening " + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    while (System.in.read() >= 0) {}
    server.stop();
    requests.shutdown();
    System.exit(0);
  }
}
